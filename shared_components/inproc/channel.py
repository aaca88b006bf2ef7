"""Publishing, consuming and acknowledging on a channel."""
from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from amqp import Message
from amqp.exceptions import MessageNacked

from shared_components.inproc import errors
from shared_components.inproc.channel_topology import TopologyMethods
from shared_components.inproc.messages import StoredMessage, store, time_to_live_s
from shared_components.inproc.sessions import Session
from shared_components.inproc.virtual_host import REPLY_TO, Outcome

if TYPE_CHECKING:
    from shared_components.inproc.connection import Connection

PUBLISH = (60, 40)


class Channel(TopologyMethods):
    """With the connection's `confirm_publish`, basic_publish waits for the broker's word, as py-amqp's does."""

    def __init__(self, connection: Connection, channel_id: int) -> None:
        super().__init__(connection, channel_id)
        self._waits_for_confirm = connection.confirm_publish

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
        """What RabbitMQ refuses before it routes; writes the real address over the direct reply-to name."""
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
        """Returns the consumer's tag. Messages wait in the connection until somebody drains its events."""
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
        """As RabbitMQ has it: a_global is for the whole channel, otherwise for each consumer to come."""
        with self.asking() as session:
            if a_global:
                session.prefetch_all = prefetch_count
                for consumer in session.consumers.values():
                    self._host.dispatch(consumer.queue)
            else:
                session.prefetch_each = prefetch_count

    def basic_get(self, queue: str = "", no_ack: bool = False) -> Message | None:
        with self.asking() as session:
            self._host.expire()
            existing = self._existing(queue)
            self._host.dispatch(existing)
            if not existing.ready:
                return None
            delivery_tag, stored = session.fetch(existing, no_ack=no_ack)
            # another message is the head now, and may be due
            self._host.dispatch(existing)
            return self.received(stored, delivery_tag, message_count=len(existing.ready))

    def basic_ack(self, delivery_tag: int, multiple: bool = False) -> None:
        with self.telling() as session:
            session.ack(delivery_tag, multiple=multiple)
