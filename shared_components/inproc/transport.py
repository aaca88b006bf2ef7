"""The kombu transport of `inproc://` and its connections."""
from __future__ import annotations

import time
from typing import Any

import amqp
from amqp.exceptions import RecoverableConnectionError
from kombu.transport import base

from shared_components.inproc.channel import Channel
from shared_components.inproc.session import Session
from shared_components.inproc.virtual_host import Inbox, VirtualHost, host_name, virtual_host

EVENTS_A_TURN = 64


class Connection:
    """A connection to a virtual host, with the part of py-amqp's interface that kombu and nameko use.

    client: the kombu.Connection that owns it. userid: None when the URL names no user.
    """

    heartbeat = 0

    def __init__(self, host: VirtualHost, *, userid: str | None, confirm_publish: bool = False) -> None:
        self.host = host
        self.userid = userid
        self.confirm_publish = confirm_publish
        self.server_properties = {"product": "inproc"}
        self.client: Any = None
        self.channels: dict[int, Channel] = {}
        self.is_closing = False
        self.inbox = Inbox(host.lock, host.expire, on_cut=self._end)
        self._last_channel_id = 0
        self._turns_left = EVENTS_A_TURN
        with host.lock:
            host.inboxes.add(self.inbox)

    @property
    def connected(self) -> bool:
        return not self.inbox.closed

    def channel(self, channel_id: int | None = None) -> Channel:
        if channel_id is not None and channel_id in self.channels:
            return self.channels[channel_id]
        if not self.connected:
            raise RecoverableConnectionError("connection already closed")
        self._last_channel_id = channel_id or self._last_channel_id + 1
        channel = self.channels[self._last_channel_id] = Channel(self, self._last_channel_id)
        return channel

    def drain_events(self, timeout: float | None = None) -> None:
        """Wait for one event from the broker and handle it. Raises socket.timeout after timeout seconds."""
        event = self.inbox.read(timeout)
        self.give_way()
        for channel in list(self.channels.values()):
            if channel.session is event.session:
                getattr(channel, event.method)(*event.arguments)

    def give_way(self) -> None:
        """Let other greenlets run: nothing here waits for a socket, so that a busy greenlet would never yield."""
        self._turns_left -= 1
        if self._turns_left <= 0:
            self._turns_left = EVENTS_A_TURN
            time.sleep(0)

    def session(self) -> Session:
        return Session(self.host, self.inbox, self)

    def close(self) -> None:
        self.is_closing = True
        with self.host.lock:
            self._end()

    collect = close

    def _end(self) -> None:
        # Callers hold the host's lock.
        if self.inbox.closed:
            return
        self.host.inboxes.discard(self.inbox)
        self.inbox.close()
        for channel in list(self.channels.values()):
            channel.session.close()
            channel.detach()
        self.channels.clear()
        for queue in [queue for queue in self.host.topology.queues.values() if queue.owner is self]:
            self.host.delete_queue(queue)


class Transport(base.Transport):
    """kombu's transport. Errors are py-amqp's, so that nameko and kombu behave as with RabbitMQ."""

    connection_errors = amqp.Connection.connection_errors
    channel_errors = amqp.Connection.channel_errors
    recoverable_connection_errors = amqp.Connection.recoverable_connection_errors
    recoverable_channel_errors = amqp.Connection.recoverable_channel_errors

    driver_type = "inproc"
    driver_name = "inproc"

    def establish_connection(self) -> Connection:
        client: Any = self.client
        options = client.transport_options or {}
        connection = Connection(
            virtual_host(host_name(client.hostname, client.virtual_host)),
            userid=client.userid,
            confirm_publish=bool(options.get("confirm_publish")),
        )
        connection.client = client
        return connection

    def driver_version(self) -> str:
        return "1"

    def create_channel(self, connection: Connection) -> Channel:
        return connection.channel()

    def drain_events(self, connection: Connection, **options: Any) -> None:
        connection.drain_events(**options)

    def verify_connection(self, connection: Connection) -> bool:
        return connection.connected

    def close_connection(self, connection: Connection) -> None:
        connection.client = None
        connection.close()

    def _collect(self, connection: Connection | None) -> None:
        if connection is not None:
            connection.collect()
