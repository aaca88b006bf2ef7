"""Queues and their consumers. Callers hold the virtual host's lock."""
from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from shared_components.inproc import errors
from shared_components.inproc.messages import StoredMessage, time_to_live_s

OVERFLOWS = ("drop-head", "reject-publish")


class ConsumerSession(Protocol):
    """The session's part that a queue needs for its consumers."""

    def deliver(self, consumer: Consumer, message: StoredMessage) -> None: ...

    def cancelled_by_broker(self, consumer: Consumer) -> None: ...


@dataclass(eq=False, slots=True)
class Consumer:
    """prefetch: the largest number of unacknowledged messages; 0 means no limit."""

    tag: str
    session: ConsumerSession
    queue: Queue
    no_ack: bool
    prefetch: int
    exclusive: bool = False
    unacked: int = 0

    def has_credit(self) -> bool:
        return self.no_ack or not self.prefetch or self.unacked < self.prefetch


class Queue:
    def __init__(
        self, name: str, *, durable: bool, auto_delete: bool, owner: object | None, arguments: Mapping[str, Any]
    ) -> None:
        _refuse_unsupported(arguments)
        self.name = name
        self.durable = durable
        self.auto_delete = auto_delete
        self.owner = owner
        self.arguments = dict(arguments)
        self.ready: deque[StoredMessage] = deque()
        self.consumers: deque[Consumer] = deque()
        self.timer_at: float | None = None
        self._arrivals = 0
        self._counts_returns = arguments.get("x-queue-type") == "quorum"
        self._single_active = bool(arguments.get("x-single-active-consumer"))
        self._ttl_s = _seconds(arguments.get("x-message-ttl"))
        self._max_length: int | None = arguments.get("x-max-length")
        self.overflow: str = arguments.get("x-overflow", "drop-head")
        self.dead_letter_exchange: str | None = arguments.get("x-dead-letter-exchange")
        self.dead_letter_key: str | None = arguments.get("x-dead-letter-routing-key")

    def rejects_next(self) -> bool:
        """Tell whether the queue is full and rejects what is published to it."""
        return self.overflow == "reject-publish" and self._max_length is not None \
            and len(self.ready) >= self._max_length

    def overflows(self) -> bool:
        return self._max_length is not None and len(self.ready) > self._max_length

    def append(self, message: StoredMessage, now: float) -> None:
        self._arrivals += 1
        lives = [ttl for ttl in (time_to_live_s(message.properties), self._ttl_s) if ttl is not None]
        self.ready.append(message.for_queue(self._arrivals, now + min(lives) if lives else None))

    def pop(self) -> StoredMessage:
        return self.ready.popleft()

    def put_back(self, messages: Iterable[StoredMessage]) -> None:
        """Return messages to their former positions, marked as redelivered."""
        returned = sorted(messages, key=lambda message: message.position)
        for message in returned:
            message.redelivered = True
            message.returned += self._counts_returns
        if returned and self.ready and returned[-1].position > self.ready[0].position:
            self.ready = deque(sorted([*returned, *self.ready], key=lambda message: message.position))
        else:
            self.ready.extendleft(reversed(returned))

    def pop_expired(self, now: float) -> StoredMessage | None:
        """Remove and return the head if it has expired. Messages behind the head expire only there, as in RabbitMQ."""
        head = self.ready[0] if self.ready else None
        if head is None or head.expires_at is None or head.expires_at >= now:
            return None
        return self.pop()

    def next_consumer(self) -> Consumer | None:
        """Return the next consumer in turn that may take a message."""
        if self._single_active:
            return self.consumers[0] if self.consumers and self.consumers[0].has_credit() else None
        for _ in range(len(self.consumers)):
            consumer = self.consumers[0]
            self.consumers.rotate(-1)
            if consumer.has_credit():
                return consumer
        return None

    def clear(self) -> int:
        count = len(self.ready)
        self.ready.clear()
        return count


def _seconds(milliseconds: int | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000


def _refuse_unsupported(arguments: Mapping[str, Any]) -> None:
    if "x-max-length-bytes" in arguments:
        raise errors.not_supported("queue argument x-max-length-bytes; x-max-length is supported")
    overflow = arguments.get("x-overflow", "drop-head")
    if overflow not in OVERFLOWS:
        raise errors.not_supported(f"x-overflow '{overflow}'; {' and '.join(OVERFLOWS)} are supported")
