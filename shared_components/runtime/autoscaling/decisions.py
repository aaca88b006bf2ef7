"""Decide how many processes a service is to have: up at once, down slowly. Pure: time and load are passed in."""
from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from shared_components.runtime.autoscaling.rules import Rule
from shared_components.runtime.load_view import ServiceLoad

# By a wait that is too long the number grows by this factor at most: a step may be short.
MOST_GROWTH = 2.0


@dataclass(frozen=True)
class Decision:
    """because: for people, in English."""

    service: str
    current: int
    wanted: int
    because: str

    @property
    def changes(self) -> bool:
        return self.wanted != self.current


class Decider:
    """Remembers what one service has needed lately."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._needed: deque[tuple[float, int]] = deque()
        self._first_s: float | None = None

    def decide(self, load: ServiceLoad, current: int, *, at_s: float, now: datetime) -> Decision:
        """current: processes wanted until now. at_s: of a monotonic clock; now: for schedules."""
        floor, schedule = self.rule.floor_at(now)
        needed, why = self._need(load, current)
        bounded = min(max(needed, floor), self.rule.ceiling)
        bounds = f"floor {floor}{f' by schedule {schedule!r}' if schedule else ''}, ceiling {self.rule.ceiling}"
        knows_enough = self._knows_enough(at_s)
        self._needed.append((at_s, bounded))
        while self._needed and at_s - self._needed[0][0] > self.rule.down_after_s:
            self._needed.popleft()
        wanted = bounded
        if bounded < current:
            # Never above what there is: the past keeps processes, and starts none.
            kept = min(max(count for _, count in self._needed), current)
            if kept > bounded:
                why += f"; {kept} were needed within {self.rule.down_after_s:g} s"
            # Within the first period nobody knows what was needed before.
            wanted = max(kept, bounded) if knows_enough else current
            if wanted == current and kept == bounded:
                why += f"; low for less than {self.rule.down_after_s:g} s"
        return Decision(self.rule.service, current, wanted, f"{why}; {bounds}")

    def _knows_enough(self, at_s: float) -> bool:
        if self._first_s is None:
            self._first_s = at_s
        return at_s - self._first_s >= self.rule.down_after_s

    def _need(self, load: ServiceLoad, current: int) -> tuple[int, str]:
        rule, calls = self.rule, load.waiting + load.running
        if not load.processes and not load.queue:
            return current, "no process tells its load"
        by_calls = max(ceil(calls / rule.calls_per_process), 1)
        why = f"{calls} calls wait or run, {rule.calls_per_process} a process are allowed: {by_calls}"
        if load.wait_p95_ms <= rule.wait_p95_ms or load.processes < current:
            return by_calls, why
        growth = min(load.wait_p95_ms / rule.wait_p95_ms, MOST_GROWTH)
        by_wait = ceil(load.processes * growth)
        return max(by_calls, by_wait), (
            f"{why}; 95 % wait up to {load.wait_p95_ms:g} ms, {rule.wait_p95_ms:g} are allowed: {by_wait}")
