"""A queue and its consumers. Everything here is called with the virtual host's lock held."""
from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared_components.inproc.messages import StoredMessage, time_to_live_s

if TYPE_CHECKING:
    from shared_components.inproc.sessions import Session


@dataclass(eq=False, slots=True)
class Consumer:
    """prefetch: unacknowledged messages it may hold, 0 for any number."""

    tag: str
    session: Session
    queue: Queue
    no_ack: bool
    prefetch: int
    exclusive: bool = False
    unacked: int = 0

    def has_credit(self) -> bool:
        if self.no_ack:
            return True
        return (not self.prefetch or self.unacked < self.prefetch) and self.session.has_credit()


class Queue:
    def __init__(
        self, name: str, *, durable: bool, auto_delete: bool, owner: object | None, arguments: Mapping[str, Any]
    ) -> None:
        self.name = name
        self.durable = durable
        self.auto_delete = auto_delete
        self.owner = owner
        self.arguments = dict(arguments)
        self.ready: deque[StoredMessage] = deque()
        self.consumers: deque[Consumer] = deque()
        self.timer_at: float | None = None
        self._arrivals = 0
        self._bytes = 0
        self._counts = arguments.get("x-queue-type") == "quorum"
        self._single_active = bool(arguments.get("x-single-active-consumer"))
        self._ttl_s = _seconds(arguments.get("x-message-ttl"))
        self._max_length: int | None = arguments.get("x-max-length")
        self._max_bytes: int | None = arguments.get("x-max-length-bytes")
        self.overflow: str = arguments.get("x-overflow", "drop-head")
        self.dead_letter_exchange: str | None = arguments.get("x-dead-letter-exchange")
        self.dead_letter_key: str | None = arguments.get("x-dead-letter-routing-key")

    def would_overflow(self, size: int) -> bool:
        return self._exceeds(len(self.ready) + 1, self._bytes + size)

    def overflows(self) -> bool:
        return bool(self.ready) and self._exceeds(len(self.ready), self._bytes)

    def _exceeds(self, length: int, size: int) -> bool:
        too_long = self._max_length is not None and length > self._max_length
        return too_long or (self._max_bytes is not None and size > self._max_bytes)

    def append(self, message: StoredMessage, now: float) -> None:
        self._arrivals += 1
        lives = [ttl for ttl in (time_to_live_s(message.properties), self._ttl_s) if ttl is not None]
        self.ready.append(message.for_queue(self._arrivals, now + min(lives) if lives else None))
        self._bytes += len(message.body)

    def pop(self) -> StoredMessage:
        message = self.ready.popleft()
        self._bytes -= len(message.body)
        return message

    def put_back(self, messages: Iterable[StoredMessage]) -> None:
        """Each at the place it came from, marked as redelivered."""
        returned = sorted(messages, key=lambda message: message.position)
        for message in returned:
            message.redelivered = True
            message.returned += self._counts
            self._bytes += len(message.body)
        if returned and self.ready and returned[-1].position > self.ready[0].position:
            self.ready = deque(sorted([*returned, *self.ready], key=lambda message: message.position))
        else:
            self.ready.extendleft(reversed(returned))

    def pop_expired(self, now: float) -> StoredMessage | None:
        """The head, if its time is over. What stands behind it waits its turn, as in RabbitMQ."""
        head = self.ready[0] if self.ready else None
        if head is None or head.expires_at is None or head.expires_at >= now:
            return None
        return self.pop()

    def next_consumer(self) -> Consumer | None:
        """The next in turn that may take a message."""
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
        self._bytes = 0
        return count


def _seconds(milliseconds: int | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000
