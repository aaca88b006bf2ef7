"""The shared part of the methods of a channel: its connection and session, and how a broker's error closes it."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from amqp import Message
from amqp.exceptions import AMQPError, RecoverableConnectionError
from kombu.transport import base, pyamqp

from shared_components.inproc.queues import Queue
from shared_components.inproc.session import Session
from shared_components.inproc.virtual_host import VirtualHost


class ChannelConnection(Protocol):
    """The connection's part that a channel needs."""

    host: VirtualHost
    userid: str | None
    confirm_publish: bool
    channels: dict[int, Any]

    @property
    def connected(self) -> bool: ...

    def session(self) -> Session: ...

    def give_way(self) -> None: ...


class OpenChannel(base.StdChannel):
    """A channel's state. A channel that the broker closes opens again, as in py-amqp."""

    def __init__(self, connection: ChannelConnection, channel_id: int) -> None:
        self.connection: ChannelConnection | None = connection
        self.channel_id = channel_id
        self.is_open = True
        self.callbacks: dict[str, Callable[[Any], None] | None] = {}
        self.cancel_callbacks: dict[str, Callable[[str], None]] = {}
        self.events: dict[str, set[Callable[..., None]]] = defaultdict(set)
        self.no_ack_consumers: set[str] = set()  # type: ignore[assignment]
        self.session: Session = connection.session()
        self._host = connection.host
        self._error: AMQPError | None = None
        self._last_queue = ""
        self._waits_for_confirm = connection.confirm_publish

    def prepare_message(
        self, body: Any, priority: int | None = None, content_type: str | None = None,
        content_encoding: str | None = None, headers: Mapping[str, Any] | None = None,
        properties: Mapping[str, Any] | None = None,
    ) -> Message:  # fmt: skip
        return Message(
            body, priority=priority, content_type=content_type, content_encoding=content_encoding,
            application_headers=headers, **properties or {},
        )  # fmt: skip

    def prepare_queue_arguments(self, arguments: Mapping[str, Any], **options: Any) -> Mapping[str, Any]:
        prepared: Mapping[str, Any] = base.to_rabbitmq_queue_arguments(arguments, **options)
        return prepared

    def message_to_python(self, raw_message: Message) -> pyamqp.Message:
        return pyamqp.Message(raw_message, channel=self)

    def open_connection(self) -> ChannelConnection:
        if self.connection is None or not self.connection.connected:
            raise RecoverableConnectionError("connection already closed")
        return self.connection

    @contextmanager
    def asking(self) -> Iterator[Session]:
        """Run a method that RabbitMQ answers: an error closes the channel and is raised here."""
        self.open_connection()
        with self._host.lock:
            self._raise_waiting_error()
            try:
                yield self.session
            except AMQPError:
                self._renew()
                raise

    @contextmanager
    def telling(self) -> Iterator[Session]:
        """Run a method without an answer: an error closes the channel, and the next read or question raises it."""
        self.open_connection()
        with self._host.lock:
            try:
                yield self.session
            except AMQPError as error:
                self._renew()
                self._error = error
                self.session.send("on_error", error)

    def _raise_waiting_error(self) -> None:
        error, self._error = self._error, None
        if error is not None:
            raise error

    def _renew(self) -> None:
        self.session.close()
        self.session = self.open_connection().session()

    def on_error(self, error: AMQPError) -> None:
        if error is self._error:
            self._raise_waiting_error()

    def _existing(self, name: str) -> Queue:
        """Return a queue by name; the empty name is the queue that this channel declared last."""
        return self._host.topology.queue(name or self._last_queue, self.connection)
