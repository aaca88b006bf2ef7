"""A provider that fails is left alone: a few probes instead of every caller's attempt, until it answers again."""
from __future__ import annotations

import random
import threading
from collections import deque
from collections.abc import Callable
from time import monotonic

WINDOW, WINDOW_S, IN_A_ROW = 20, 60.0, 5
FAILING = 0.6
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 5.0
# Of a provider that fails nine times in ten a single success means nothing.
SUCCESSES_TO_CLOSE = 3


def _say_nothing(*_: object) -> None:
    """For those who log nothing."""


class CircuitBreaker:
    """Counts one provider's outcomes in this process.

    It opens when the last 5 calls of a minute failed, or 12 of the last 20. Then one probe at a time passes: the next
    at once after a success, after 1 to 5 s (growing) after a failure; three successes in a row close it.

    opened: is told how many of the last calls failed. closed: is told when the provider answers again.
    """

    def __init__(
        self, *, clock: Callable[[], float] = monotonic, opened: Callable[[int], None] = _say_nothing,
        closed: Callable[[], None] = _say_nothing,
    ) -> None:
        self._clock = clock
        self._opened, self._closed = opened, closed
        self._lock = threading.Lock()
        self._outcomes: deque[tuple[float, bool]] = deque(maxlen=WINDOW)
        self._open = False
        self._probing = False
        self._again_at = 0.0
        self._wait_s = FIRST_WAIT_S
        self._in_a_row = 0

    def ready(self) -> bool:
        """Whether a call would pass now."""
        with self._lock:
            return self._passes()

    def wait_s(self) -> float:
        """Seconds until a call may pass; 0 when it passes now, at least 1 else."""
        with self._lock:
            return 0.0 if self._passes() else max(1.0, self._again_at - self._clock())

    def enter(self) -> bool | None:
        """Take the right to call: whether the call is a probe; None when the provider is left alone.

        Each call that may be made ends with `leave`.
        """
        with self._lock:
            if not self._passes():
                return None
            self._probing = self._open
            return self._open

    def leave(self, *, probe: bool, good: bool) -> None:
        """Say how a call ended. probe: as `enter` gave it."""
        with self._lock:
            if probe:
                self._judge_probe(good)
            elif not self._open:
                self._outcomes.append((self._clock(), good))
                self._judge()

    def _passes(self) -> bool:
        return not self._open or (not self._probing and self._clock() >= self._again_at)

    def _judge_probe(self, good: bool) -> None:
        self._probing = False
        if not good:
            self._in_a_row = 0
            self._wait_s = min(self._wait_s * 2, LONGEST_WAIT_S)
            self._rest()
            return
        self._in_a_row += 1
        if self._in_a_row >= SUCCESSES_TO_CLOSE:
            self._open = False
            self._outcomes.clear()
            self._closed()

    def _judge(self) -> None:
        since = self._clock() - WINDOW_S
        recent = [good for at, good in self._outcomes if at >= since]
        failed = recent.count(False)
        circuit_open = len(recent) >= IN_A_ROW and not any(recent[-IN_A_ROW:])
        if circuit_open or (len(recent) == WINDOW and failed >= FAILING * WINDOW):
            self._open, self._in_a_row, self._wait_s = True, 0, FIRST_WAIT_S
            self._rest()
            self._opened(failed)

    def _rest(self) -> None:
        # Jitter, or the probes of all processes would come together.
        self._again_at = self._clock() + self._wait_s * random.uniform(0.8, 1.0)
