"""The methods of a channel that consume and acknowledge, and the deliveries that the broker makes."""
from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from amqp import Message
from amqp.exceptions import ConsumerCancelled

from shared_components.inproc import errors
from shared_components.inproc.messages import StoredMessage
from shared_components.inproc.open_channel import OpenChannel
from shared_components.inproc.virtual_host import REPLY_TO


class ConsumingMethods(OpenChannel):
    """Consumers, single messages and acknowledgements, with py-amqp's method names."""

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

    def forget_consumer(self, tag: str) -> Callable[[str], None] | None:
        self.no_ack_consumers.discard(tag)
        self.callbacks.pop(tag, None)
        return self.cancel_callbacks.pop(tag, None)
