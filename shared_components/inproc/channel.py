"""The client's side of a channel: declaring, publishing, consuming and acknowledging."""
from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from amqp import Message
from amqp.exceptions import AMQPError, ConsumerCancelled, MessageNacked, RecoverableConnectionError
from amqp.protocol import queue_declare_ok_t
from kombu.transport import base, pyamqp

from shared_components.inproc import errors
from shared_components.inproc.messages import StoredMessage, store, time_to_live_s
from shared_components.inproc.queues import Queue
from shared_components.inproc.session import Session
from shared_components.inproc.virtual_host import REPLY_TO, Outcome, VirtualHost

PUBLISH = (60, 40)


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


class Channel(base.StdChannel):
    """A channel with py-amqp's methods and exceptions. A channel that the broker closes opens again, as in py-amqp.

    With the connection's `confirm_publish`, basic_publish waits for the broker's confirm.
    """

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
        return pyamqp.Message(raw_message, channel=self)  # type: ignore[no-untyped-call]

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

    # events from the broker

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

    # declaring

    def exchange_declare(
        self, exchange: str, type: str, passive: bool = False, durable: bool = False, auto_delete: bool = True,
        nowait: bool = False, arguments: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        with self.asking():
            topology = self._host.topology
            if passive:
                topology.exchange(exchange)
            else:
                topology.declare_exchange(
                    exchange, type, durable=durable, auto_delete=auto_delete, arguments=arguments or {})  # fmt: skip

    def exchange_delete(self, exchange: str, if_unused: bool = False, nowait: bool = False) -> None:
        with self.asking():
            self._host.topology.remove_exchange(exchange, if_unused=if_unused)

    def queue_declare(
        self, queue: str = "", passive: bool = False, durable: bool = False, exclusive: bool = False,
        auto_delete: bool = True, nowait: bool = False, arguments: Mapping[str, Any] | None = None,
    ) -> queue_declare_ok_t | None:  # fmt: skip
        """Return name, ready messages and consumers. Raises NotFound if passive and the queue does not exist."""
        with self.asking():
            self._host.expire()
            if passive and queue.startswith(REPLY_TO):
                answer = self._reply_queue(queue)
            else:
                declared = self._existing(queue) if passive else self._declared(
                    queue, durable=durable, exclusive=exclusive, auto_delete=auto_delete, arguments=arguments or {})
                self._last_queue = declared.name
                answer = queue_declare_ok_t(declared.name, len(declared.ready), len(declared.consumers))
        return None if nowait else answer

    def _declared(
        self, name: str, *, durable: bool, exclusive: bool, auto_delete: bool, arguments: Mapping[str, Any]
    ) -> Queue:
        topology = self._host.topology
        if name.startswith("amq.") and name not in topology.queues:
            raise errors.access_refused(f"queue name '{name}' contains reserved prefix 'amq.*'")
        return topology.declare_queue(Queue(
            name or f"amq.gen-{secrets.token_urlsafe(16)}", durable=durable, auto_delete=auto_delete,
            owner=self.connection if exclusive else None, arguments=arguments,
        ))  # fmt: skip

    def _existing(self, name: str) -> Queue:
        """Return a queue by name; the empty name is the queue that this channel declared last."""
        return self._host.topology.queue(name or self._last_queue, self.connection)

    def _reply_queue(self, name: str) -> queue_declare_ok_t:
        if name == REPLY_TO or name in self._host.replies:
            return queue_declare_ok_t(name, 0, 1)
        raise errors.not_found("queue", name, self._host.name)

    def queue_bind(
        self, queue: str, exchange: str = "", routing_key: str = "", nowait: bool = False,
        arguments: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        with self.asking():
            self._host.topology.bind(self._existing(queue).name, exchange, routing_key, arguments or {})

    def queue_unbind(
        self, queue: str, exchange: str, routing_key: str = "", nowait: bool = False,
        arguments: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        with self.asking():
            self._host.topology.unbind(queue or self._last_queue, exchange, routing_key, arguments or {})

    def queue_delete(
        self, queue: str = "", if_unused: bool = False, if_empty: bool = False, nowait: bool = False
    ) -> int:
        """Delete a queue. Returns the number of its ready messages, 0 when there is no such queue."""
        with self.asking():
            name = queue or self._last_queue
            if name not in self._host.topology.queues:
                return 0
            existing = self._existing(name)
            if (if_unused and existing.consumers) or (if_empty and existing.ready):
                problem = "in use" if if_unused and existing.consumers else "not empty"
                raise errors.precondition_failed(
                    f"queue '{name}' in vhost '{self._host.name}' {problem}", (50, 40))  # fmt: skip
            return self._host.delete_queue(existing)

    def queue_purge(self, queue: str = "", nowait: bool = False) -> int:
        """Delete the ready messages, not the unacknowledged ones. Returns their number."""
        with self.asking():
            return self._existing(queue).clear()

    # publishing

    def confirm_select(self, nowait: bool = False) -> None:
        with self.asking() as session:
            session.confirming = True

    def basic_publish(
        self, msg: Message, exchange: str = "", routing_key: str = "", mandatory: bool = False,
        immediate: bool = False, timeout: float | None = None, confirm_timeout: float | None = None,
    ) -> None:  # fmt: skip
        stored = store(msg, exchange, routing_key)
        connection = self.open_connection()
        if self._waits_for_confirm:
            self._publish_and_wait(stored, mandatory)
        elif self._error is None:
            with self.telling() as session:
                self._publish(session, stored, mandatory, tell=session.send)
        connection.give_way()

    def basic_publish_confirm(self, *arguments: Any, **options: Any) -> None:
        waits, self._waits_for_confirm = self._waits_for_confirm, True
        try:
            self.basic_publish(*arguments, **options)
        finally:
            self._waits_for_confirm = waits

    def _publish_and_wait(self, stored: StoredMessage, mandatory: bool) -> None:
        answers: list[tuple[str, Any]] = []
        with self.asking() as session:
            session.confirming = True
            self._publish(session, stored, mandatory, tell=lambda method, argument: answers.append((method, argument)))
        for method, argument in answers:
            getattr(self, method)(argument)
        if answers[-1][0] == "on_nack":
            raise MessageNacked()

    def _publish(
        self, session: Session, stored: StoredMessage, mandatory: bool, tell: Callable[[str, Any], None]
    ) -> None:
        self._check(session, stored)
        outcome = self._host.publish(stored)
        if outcome is Outcome.UNROUTED and mandatory:
            tell("on_return", stored)
        if session.confirming:
            session.published += 1
            tell("on_nack" if outcome is Outcome.REFUSED else "on_ack", session.published)

    def _check(self, session: Session, stored: StoredMessage) -> None:
        """Refuse what RabbitMQ refuses before routing, and replace the direct reply-to name with the real address."""
        properties: dict[str, Any] = stored.properties  # type: ignore[assignment]  # not shared yet
        user = properties.get("user_id")
        allowed = self.open_connection().userid
        if user is not None and allowed is not None and user != allowed:
            raise errors.precondition_failed(
                f"user_id property set to '{user}' but authenticated user was '{allowed}'", PUBLISH)  # fmt: skip
        time_to_live_s(properties)
        if properties.get("reply_to") == REPLY_TO:
            if session.reply_address is None:
                raise errors.precondition_failed("fast reply consumer does not exist", PUBLISH)
            properties["reply_to"] = session.reply_address

    def basic_consume(
        self, queue: str = "", consumer_tag: str = "", no_local: bool = False, no_ack: bool = False,
        exclusive: bool = False, nowait: bool = False, callback: Callable[[Any], None] | None = None,
        arguments: Mapping[str, Any] | None = None, on_cancel: Callable[[str], None] | None = None,
    ) -> str:  # fmt: skip
        """Start a consumer and return its tag. Messages wait in the connection until its events are drained."""
        tag = consumer_tag or f"amq.ctag-{secrets.token_urlsafe(16)}"
        with self.asking() as session:
            if queue == REPLY_TO:
                session.consume_replies(tag, no_ack=no_ack)
            else:
                session.consume(self._existing(queue), tag, no_ack=no_ack, exclusive=exclusive)
            self.callbacks[tag] = callback
            if on_cancel is not None:
                self.cancel_callbacks[tag] = on_cancel
            if no_ack:
                self.no_ack_consumers.add(tag)
            if tag in session.consumers:
                self._host.dispatch(session.consumers[tag].queue)
        return tag

    def basic_cancel(self, consumer_tag: str, nowait: bool = False) -> None:
        if self.connection is None:
            return
        with self.asking() as session:
            session.cancel(consumer_tag)
        self.forget_consumer(consumer_tag)

    def basic_qos(self, prefetch_size: int, prefetch_count: int, a_global: bool) -> None:
        """Limit the unacknowledged messages of each new consumer. a_global, one limit for a channel, is refused."""
        with self.asking() as session:
            if a_global:
                raise errors.not_supported("basic_qos with a_global; a prefetch count for each consumer is supported")
            session.prefetch = prefetch_count

    def basic_get(self, queue: str = "", no_ack: bool = False) -> Message | None:
        with self.asking() as session:
            self._host.expire()
            existing = self._existing(queue)
            self._host.dispatch(existing)
            if not existing.ready:
                return None
            delivery_tag, stored = session.fetch(existing, no_ack=no_ack)
            # The new head of the queue may have expired.
            self._host.dispatch(existing)
            return self.received(stored, delivery_tag, message_count=len(existing.ready))

    def basic_ack(self, delivery_tag: int, multiple: bool = False) -> None:
        with self.telling() as session:
            session.ack(delivery_tag, multiple=multiple)

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
