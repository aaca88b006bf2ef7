"""The client's side of a channel: py-amqp's methods, with py-amqp's exceptions."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from amqp import Message
from amqp.exceptions import AMQPError, ConsumerCancelled, RecoverableConnectionError
from kombu.transport import base, pyamqp

from shared_components.inproc import errors
from shared_components.inproc.messages import StoredMessage
from shared_components.inproc.sessions import Session

if TYPE_CHECKING:
    from shared_components.inproc.connection import Connection


class ChannelCore(base.StdChannel):
    """Life, errors and events of a channel. As in py-amqp, a channel that the broker closes opens again by itself."""

    def __init__(self, connection: Connection, channel_id: int) -> None:
        self.connection: Connection | None = connection
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
        return pyamqp.Message(raw_message, channel=self)  # type: ignore[no-untyped-call]

    def open_connection(self) -> Connection:
        if self.connection is None or not self.connection.connected:
            raise RecoverableConnectionError("connection already closed")
        return self.connection

    @contextmanager
    def asking(self) -> Iterator[Session]:
        """For methods that RabbitMQ answers: an error closes the channel and is raised here."""
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
        """For methods without an answer: an error closes the channel and is raised at the next read or question."""
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

    def on_deliver(self, tag: str, delivery_tag: int, stored: StoredMessage) -> None:
        if tag not in self.callbacks:
            self.basic_reject(delivery_tag, requeue=True)
            return
        callback = self.callbacks[tag]
        if callback is not None:
            callback(self.received(stored, delivery_tag, consumer_tag=tag))

    def received(self, stored: StoredMessage, delivery_tag: int, **more: Any) -> Message:
        message = stored.to_amqp()
        message.channel = self
        message.delivery_info = {
            **more,
            "delivery_tag": delivery_tag,
            "redelivered": stored.redelivered,
            "exchange": stored.exchange,
            "routing_key": stored.routing_key,
        }
        return message

    def on_cancel(self, tag: str) -> None:
        callback = self.forget_consumer(tag)
        if callback is None:
            raise ConsumerCancelled(tag, (60, 30))
        callback(tag)

    def on_return(self, stored: StoredMessage) -> None:
        error = errors.no_route()
        callbacks = self.events.get("basic_return")
        if not callbacks:
            raise error
        for callback in list(callbacks):
            callback(error, stored.exchange, stored.routing_key, stored.to_amqp())

    def on_ack(self, delivery_tag: int) -> None:
        for callback in list(self.events["basic_ack"]):
            callback(delivery_tag, False)

    def on_nack(self, delivery_tag: int) -> None:
        for callback in list(self.events["basic_nack"]):
            callback(delivery_tag, False)

    def forget_consumer(self, tag: str) -> Callable[[str], None] | None:
        self.no_ack_consumers.discard(tag)
        self.callbacks.pop(tag, None)
        return self.cancel_callbacks.pop(tag, None)

    def basic_reject(self, delivery_tag: int, requeue: bool) -> None:
        with self.telling() as session:
            session.reject(delivery_tag, requeue=requeue)

    def close(self) -> None:
        connection = self.connection
        if connection is None:
            return
        with self._host.lock:
            self.session.close()
            self.detach()
        connection.channels.pop(self.channel_id, None)

    def detach(self) -> None:
        self.is_open = False
        self.connection = None
        self.callbacks.clear()
        self.cancel_callbacks.clear()
        self.no_ack_consumers.clear()
