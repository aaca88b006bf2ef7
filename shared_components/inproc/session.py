"""The broker's side of a channel: consumers and unacknowledged messages. Callers hold the virtual host's lock."""
from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from shared_components.inproc import errors
from shared_components.inproc.messages import REJECTED, StoredMessage
from shared_components.inproc.queues import Consumer, Queue
from shared_components.inproc.virtual_host import Event, Inbox, VirtualHost
from shared_components.kernel.reply_addresses import KEY_BYTES, token


@dataclass(slots=True)
class Delivery:
    message: StoredMessage
    queue: Queue
    consumer: Consumer | None


class Session:
    """prefetch: limit of unacknowledged messages for each new consumer; 0 means no limit."""

    def __init__(self, host: VirtualHost, inbox: Inbox, connection: object) -> None:
        self.host = host
        self.inbox = inbox
        self.connection = connection
        self.consumers: dict[str, Consumer] = {}
        self.unacked: dict[int, Delivery] = {}
        self.prefetch = 0
        self.confirming = False
        self.published = 0
        self.reply_address: str | None = None
        self._reply_tag = ""
        self._last_tag = 0

    def send(self, method: str, *arguments: object) -> None:
        self.inbox.push(Event(self, method, arguments))

    def consume(self, queue: Queue, tag: str, *, no_ack: bool, exclusive: bool) -> None:
        if tag in self.consumers or (tag == self._reply_tag and self.reply_address):
            raise errors.not_allowed(f"attempt to reuse consumer tag '{tag}'")
        if queue.consumers and (exclusive or any(other.exclusive for other in queue.consumers)):
            raise errors.access_refused(
                f"queue '{queue.name}' in vhost '{self.host.name}' in exclusive use", (60, 20))  # fmt: skip
        consumer = Consumer(tag, self, queue, no_ack, self.prefetch, exclusive)
        self.consumers[tag] = consumer
        queue.consumers.append(consumer)

    def consume_replies(self, tag: str, *, no_ack: bool) -> None:
        if not no_ack:
            raise errors.precondition_failed("reply consumer cannot acknowledge", (60, 20))
        if self.reply_address is not None:
            raise errors.precondition_failed("reply consumer already set", (60, 20))
        self._reply_tag = tag
        self.reply_address = token("reply@0", 0, 0, 0, secrets.token_bytes(KEY_BYTES))
        self.host.replies[self.reply_address] = self

    def cancel(self, tag: str) -> None:
        """End a consumer. Unread messages return to the queue; delivered ones stay unacknowledged in the session."""
        consumer = self.consumers.pop(tag, None)
        if consumer is None:
            if tag == self._reply_tag:
                self._forget_replies()
            return
        consumer.queue.consumers.remove(consumer)
        unread = self.inbox.discard(lambda event: event.session is self and event.arguments[:1] == (tag,))
        tags = [event.arguments[1] for event in unread]
        back = [self.unacked.pop(tag).message for tag in tags if tag in self.unacked]
        back += [event.arguments[2] for event in unread if consumer.no_ack]
        consumer.queue.put_back(back)
        self.host.release_consumer(consumer.queue)

    def cancelled_by_broker(self, consumer: Consumer) -> None:
        self.consumers.pop(consumer.tag, None)
        self.send("on_cancel", consumer.tag)

    def deliver(self, consumer: Consumer, message: StoredMessage) -> None:
        self._last_tag += 1
        if not consumer.no_ack:
            consumer.unacked += 1
            self.unacked[self._last_tag] = Delivery(message, consumer.queue, consumer)
        self.send("on_deliver", consumer.tag, self._last_tag, message)

    def deliver_reply(self, message: StoredMessage) -> None:
        self._last_tag += 1
        self.send("on_deliver", self._reply_tag, self._last_tag, message)

    def fetch(self, queue: Queue, *, no_ack: bool) -> tuple[int, StoredMessage]:
        self._last_tag += 1
        message = queue.pop()
        if not no_ack:
            self.unacked[self._last_tag] = Delivery(message, queue, None)
        return self._last_tag, message

    def ack(self, delivery_tag: int, *, multiple: bool) -> None:
        self._dispatch_after(self._settle(delivery_tag, multiple, (60, 80)))

    def reject(self, delivery_tag: int, *, requeue: bool) -> None:
        settled = self._settle(delivery_tag, False, (60, 90))
        for delivery in settled:
            if requeue:
                delivery.queue.put_back([delivery.message])
            else:
                self.host.dead_letter(delivery.queue, delivery.message, REJECTED)
        self._dispatch_after(settled)

    def _settle(self, delivery_tag: int, multiple: bool, method: tuple[int, int]) -> list[Delivery]:
        tags = [delivery_tag]
        if multiple:
            tags = [tag for tag in self.unacked if not delivery_tag or tag <= delivery_tag]
        if any(tag not in self.unacked for tag in tags) or (multiple and delivery_tag and not tags):
            raise errors.precondition_failed(f"unknown delivery tag {delivery_tag}", method)
        settled = [self.unacked.pop(tag) for tag in tags]
        for delivery in settled:
            if delivery.consumer is not None:
                delivery.consumer.unacked -= 1
        return settled

    def _dispatch_after(self, settled: Iterable[Delivery]) -> None:
        for queue in dict.fromkeys(delivery.queue for delivery in settled):
            if queue.ready:
                self.host.dispatch(queue)

    def close(self) -> None:
        """End all consumers and requeue what was not acknowledged."""
        consumers, self.consumers = list(self.consumers.values()), {}
        unacked, self.unacked = list(self.unacked.values()), {}
        self._forget_replies()
        for consumer in consumers:
            consumer.queue.consumers.remove(consumer)
        queues = dict.fromkeys([d.queue for d in unacked] + [consumer.queue for consumer in consumers])
        for queue in queues:
            queue.put_back([delivery.message for delivery in unacked if delivery.queue is queue])
        for queue in queues:
            if any(consumer.queue is queue for consumer in consumers):
                self.host.release_consumer(queue)
            else:
                self.host.dispatch(queue)

    def _forget_replies(self) -> None:
        if self.reply_address is not None:
            self.host.replies.pop(self.reply_address, None)
            self.reply_address = None
