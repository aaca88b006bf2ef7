"""The methods of a channel that publish, and what the broker answers to them."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from amqp import Message
from amqp.exceptions import MessageNacked

from shared_components.inproc import errors
from shared_components.inproc.messages import StoredMessage, store, time_to_live_s
from shared_components.inproc.open_channel import OpenChannel
from shared_components.inproc.session import Session
from shared_components.inproc.virtual_host import REPLY_TO, Outcome

PUBLISH = (60, 40)


class PublishingMethods(OpenChannel):
    """Publishing and confirms, with py-amqp's method names."""

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
