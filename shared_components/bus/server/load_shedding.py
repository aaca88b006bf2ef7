"""Refuse in time what cannot be done in time: a caller that is told so early can wait, or go elsewhere."""
from __future__ import annotations

from collections import deque
from math import ceil
from statistics import median
from typing import TYPE_CHECKING

from shared_components.bus.errors import Overloaded

if TYPE_CHECKING:
    from shared_components.bus.server.inbound import InboundCall

# Before so many groups nobody is refused: the first ones of a process are slow.
ENOUGH, REMEMBERED = 8, 15
LONGEST_RETRY_AFTER_S = 60
# Of the last groups so many may take longer than is reckoned with for a call's own.
SLOWER_ONES = 2
# The reply's own way to a caller on a busy machine.
REPLY_S = 0.05
# The longer the wait that is reckoned with, the less is known of it: a share of it is kept in reserve.
RESERVE = 0.05


class MethodBacklog:
    """A method's calls that wait for a worker, and how long its groups take lately."""

    def __init__(self, group_size: int, concurrent_groups: int) -> None:
        """concurrent_groups: how many of its groups may run at once."""
        self.calls: deque[InboundCall] = deque()
        self.group_size = group_size
        self.concurrent_groups = concurrent_groups
        self._durations_s: deque[float] = deque(maxlen=REMEMBERED)

    def note(self, seconds: float) -> None:
        """A group has taken so long."""
        self._durations_s.append(seconds)

    @property
    def group_s(self) -> float:
        """Return a group's usual time; 0 while unknown. A median: one slow commit is no overload."""
        return median(self._durations_s) if len(self._durations_s) >= ENOUGH else 0.0

    @property
    def longest_s(self) -> float:
        """Return the time that hardly any group exceeds."""
        return sorted(self._durations_s)[-SLOWER_ONES - 1]

    def work_s(self) -> float:
        """Return the seconds that one worker needs for all waiting calls."""
        return ceil(len(self.calls) / self.group_size) * self.group_s

    def shed_expired(self, now: float, ahead_s: float) -> list[InboundCall]:
        """Take out, refused, the calls that by experience would end after their deadline.

        now: epoch seconds. ahead_s: how long the workers have to do with other methods' calls.
        """
        group_s = self.group_s
        if not group_s:
            return []
        takes_s = self.longest_s + REPLY_S
        kept: list[InboundCall] = []
        refused: list[InboundCall] = []
        turn_s = group_s / self.concurrent_groups
        for call in self.calls:
            deadline_s = call.request.context.deadline_s
            waits_s = ahead_s + (len(kept) // self.group_size + 1) * turn_s
            if deadline_s is not None and now + waits_s * (1 + RESERVE) + takes_s > deadline_s:
                refused.append(call)
            else:
                kept.append(call)
        if refused:
            self.calls = deque(kept)
            retry_after_s = min(max(ceil(ahead_s + self.work_s() / self.concurrent_groups), 1), LONGEST_RETRY_AFTER_S)
            for call in refused:
                call.request.finish(Overloaded(details={"retry_after_s": retry_after_s}))
        return refused
