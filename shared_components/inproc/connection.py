"""A connection to a virtual host, with the part of py-amqp's surface that kombu and nameko use."""
from __future__ import annotations

import time
from typing import Any

from amqp.exceptions import RecoverableConnectionError

from shared_components.inproc.channel import Channel
from shared_components.inproc.inbox import Inbox
from shared_components.inproc.sessions import Session
from shared_components.inproc.virtual_host import VirtualHost

EVENTS_A_TURN = 64


class Connection:
    """client: the kombu.Connection it belongs to. userid: None where the URL names no user."""

    heartbeat = 0

    def __init__(self, host: VirtualHost, *, userid: str | None, confirm_publish: bool = False) -> None:
        self.host = host
        self.userid = userid
        self.confirm_publish = confirm_publish
        self.server_properties = {"product": "inproc"}
        self.client: Any = None
        self.channels: dict[int, Channel] = {}
        self.is_closing = False
        self.inbox = Inbox(host, on_cut=self._end)
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
        """Nothing here ever waits for a socket: without this a busy greenlet would keep all others from running."""
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
        """With the host's lock held."""
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
