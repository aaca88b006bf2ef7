"""The client side of coalescing, without I/O: what is waiting to be sent, and what is waiting for its reply."""
from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import time
from typing import Any

from shared_components.bus.amqp import wire
from shared_components.bus.client.argument_checks import encoded_call
from shared_components.bus.errors import NoReply, PayloadTooLarge
from shared_components.bus.green.patching import plain_lock
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError, Internal, error_from_wire


@dataclass(eq=False, slots=True)
class Attempt:
    """One call on its way. settle is called once, from the reading thread or the event loop."""

    id: str
    service: str
    body: bytes
    deadline_s: float
    settle: Callable[[Any, AppError | None], None]


@dataclass(frozen=True)
class OutgoingBatch:
    """One message to send: many calls to one service."""

    service: str
    body: bytes
    attempts: list[Attempt]

    def expiration(self, now_s: float) -> str:
        """Milliseconds until nobody waits for any of its calls."""
        latest = max([attempt.deadline_s for attempt in self.attempts])
        return str(max(1, int((latest - now_s) * 1000)))


class OutgoingBatches:
    """Gathers calls while the last message is being written: natural batching, no timer, a lone call waits for nobody.

    Guarded by one lock: callers add, one writer takes, one reader settles.
    """

    def __init__(self, *, max_calls: int = wire.MAX_CALLS_PER_MESSAGE, max_bytes: int = wire.MAX_MESSAGE_BYTES) -> None:
        self._max_calls = max_calls
        self._max_bytes = max_bytes
        self._ids = itertools.count(1)
        self._lock = plain_lock()
        self._outgoing: dict[str, deque[Attempt]] = {}
        self._waiting: dict[str, Attempt] = {}
        self._unconfirmed: dict[int, list[Attempt]] = {}

    def prepare(
        self, service: str, method: str, kwargs: Mapping[str, Any], *, op_id: str | None, deadline_s: float,
        context: Mapping[str, str], settle: Callable[[Any, AppError | None], None],
    ) -> Attempt:
        """Encode a call. Raises InvalidInput or PayloadTooLarge before anything is sent."""
        call_id = format(next(self._ids), "x")
        body = encoded_call(call_id, method, kwargs, op_id, deadline_s, context)
        if len(body) + 2 > self._max_bytes:
            raise PayloadTooLarge(Bilingual(
                f"call has {len(body)} bytes; at most {self._max_bytes} are allowed",
                f"调用为 {len(body)} 字节；最多允许 {self._max_bytes} 字节"))
        return Attempt(call_id, service, body, deadline_s, settle)

    def add(self, attempt: Attempt) -> None:
        with self._lock:
            self._waiting[attempt.id] = attempt
            queue = self._outgoing.get(attempt.service)
            if queue is None:
                queue = self._outgoing[attempt.service] = deque()
            queue.append(attempt)

    def take(self) -> OutgoingBatch | None:
        """The next message to send, or None."""
        with self._lock:
            for service, queue in self._outgoing.items():
                if queue:
                    return self._take(service, queue)
        return None

    def _take(self, service: str, queue: deque[Attempt]) -> OutgoingBatch:
        attempts = [queue.popleft()]
        size = len(attempts[0].body) + 2
        while queue and len(attempts) < self._max_calls:
            size += len(queue[0].body) + 1
            if size > self._max_bytes:
                break
            attempts.append(queue.popleft())
        return OutgoingBatch(service, wire.encode_list([attempt.body for attempt in attempts]), attempts)

    # what comes back

    def settle_replies(self, body: bytes | str) -> None:
        give = self._waiting.pop
        for reply in wire.decode_replies(body):
            get = reply.get
            attempt = give(str(get("id")), None)
            if attempt is None:
                continue  # its caller has given up
            error = get("error")
            if error is None:
                attempt.settle(get("result"), None)
            else:
                attempt.settle(None, error_from_wire(error) if isinstance(error, Mapping) else Internal())

    def sent(self, sequence: int, parcel: OutgoingBatch) -> None:
        self._unconfirmed[sequence] = parcel.attempts

    def confirmed(self, sequence: int, multiple: bool, refused: AppError | None) -> None:
        """The broker's word on a message: taken, or refused (then its calls fail at once)."""
        numbers = [n for n in self._unconfirmed if n <= sequence] if multiple else [sequence]
        for number in numbers:
            attempts = self._unconfirmed.pop(number, ())
            if refused is not None:
                for attempt in attempts:
                    self.fail(attempt, refused)

    def fail(self, attempt: Attempt, error: AppError) -> None:
        if self._waiting.pop(attempt.id, None) is not None:
            attempt.settle(None, error)

    def fail_ids(self, ids: list[str], error: AppError) -> None:
        for call_id in ids:
            attempt = self._waiting.get(call_id)
            if attempt is not None:
                self.fail(attempt, error)

    def forget(self, attempt: Attempt) -> None:
        """Its caller has given up; it is not sent if it still can be helped."""
        with self._lock:
            self._waiting.pop(attempt.id, None)
            queue = self._outgoing.get(attempt.service)
            if queue and attempt in queue:
                queue.remove(attempt)

    def fail_sent(self, error: Callable[[], AppError], refused: AppError | None = None, service: str = "") -> None:
        """The connection is gone: whatever was sent on it will not be answered on another.

        refused: for calls of `service`, over which the broker has ended it.
        """
        with self._lock:
            unsent = {attempt.id for queue in self._outgoing.values() for attempt in queue}
            lost = [attempt for call_id, attempt in self._waiting.items() if call_id not in unsent]
            self._unconfirmed.clear()
        for attempt in lost:
            self.fail(attempt, refused if refused is not None and attempt.service == service else error())

    def expire(self) -> None:
        """Fail every call whose deadline has passed (for clients without a timeout of their own a call)."""
        now = time()
        for attempt in [a for a in self._waiting.values() if a.deadline_s < now]:
            self.fail(attempt, NoReply())

    def __len__(self) -> int:
        return len(self._waiting)
