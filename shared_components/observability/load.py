"""Load of a process by service: calls a second, how long they wait and take, over the last few seconds.

Prometheus sums over minutes and hosts; this is for who decides within seconds (`zhongtai status --watch`, autoscale).
"""
from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

WINDOW_S = 5
# From 0.5 ms in steps of a quarter to about 75 s: a percentile is told to within 25 %.
BOUNDS_S = tuple(0.0005 * 1.25 ** step for step in range(54))


@dataclass(frozen=True)
class Load:
    """Load of one process.

    calls_s: calls answered a second. failed_s: those among them that failed by our fault. waiting, running: calls that
    wait for a worker, and those at work. calls_a_message: how many calls came in one message, 1.0 at least.
    wait_p95_ms: from a message's arrival to its group's start. p95_ms: from a group's start to its replies.
    """

    calls_s: float = 0.0
    failed_s: float = 0.0
    waiting: int = 0
    running: int = 0
    calls_a_message: float = 1.0
    wait_p95_ms: float = 0.0
    p95_ms: float = 0.0


@dataclass
class _Second:
    at: int
    calls: int = 0
    failed: int = 0
    messages: int = 0
    arrived: int = 0
    waits: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS_S) + 1))
    durations: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS_S) + 1))


class LoadMeter:
    """One a service and process. waiting: asked when the load is read."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self._seconds: deque[_Second] = deque(maxlen=WINDOW_S + 1)
        self._running = 0
        self.waiting: Callable[[], int] = int

    def arrived(self, calls: int) -> None:
        """Count one message with so many calls."""
        second = self._second()
        second.messages += 1
        second.arrived += calls

    def started(self, calls: int, wait_s: float) -> None:
        """Count a group of calls that begins. wait_s: of its oldest."""
        self._running += calls
        self._second().waits[bisect_left(BOUNDS_S, wait_s)] += calls

    def ended(self, calls: int, duration_s: float, failed: int = 0) -> None:
        self._running -= calls
        self.answered(calls, duration_s, failed)

    def answered(self, calls: int, duration_s: float, failed: int = 0) -> None:
        """Count calls that were never `started`, such as requests over HTTP."""
        second = self._second()
        second.calls += calls
        second.failed += failed
        second.durations[bisect_left(BOUNDS_S, duration_s)] += calls

    def read(self) -> Load:
        now = self._clock()
        seconds = [one for one in list(self._seconds) if now - WINDOW_S < one.at + 1]
        span_s = min(max(now - self._began, 1.0), float(WINDOW_S))
        calls, messages = sum(one.calls for one in seconds), sum(one.messages for one in seconds)
        arrived = sum(one.arrived for one in seconds)
        return Load(
            calls_s=round(calls / span_s, 1), failed_s=round(sum(one.failed for one in seconds) / span_s, 1),
            waiting=self.waiting(), running=max(self._running, 0),
            calls_a_message=round(max(arrived / messages, 1.0), 1) if messages else 1.0,
            wait_p95_ms=_percentile_ms([one.waits for one in seconds]),
            p95_ms=_percentile_ms([one.durations for one in seconds]))

    def _second(self) -> _Second:
        at = int(self._clock())
        if not self._seconds or self._seconds[-1].at != at:
            self._seconds.append(_Second(at))
        return self._seconds[-1]


def _percentile_ms(counts: list[list[int]], share: float = 0.95) -> float:
    """Give the upper bound of the interval in which the percentile lies; 0 without any call."""
    sums = [sum(column) for column in zip(*counts, strict=True)] if counts else []
    left = sum(sums) * (1 - share)
    total = sum(sums)
    if not total:
        return 0.0
    for index in range(len(sums) - 1, -1, -1):
        left -= sums[index]
        if left < 0:
            return round(BOUNDS_S[min(index, len(BOUNDS_S) - 1)] * 1000, 1)
    return 0.0


_METERS: dict[str, LoadMeter] = {}


def load_meter(service: str) -> LoadMeter:
    """The meter of a service in this process."""
    meter = _METERS.get(service)
    if meter is None:
        meter = _METERS[service] = LoadMeter()
    return meter
