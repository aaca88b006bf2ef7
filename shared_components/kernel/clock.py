"""Time, passed in: domain code never reads a clock of its own."""
from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import inf
from time import monotonic
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The present, aware, in UTC."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class LearnedClock:
    """A clock that goes by one that several processes share, such as a database's; their own may differ.

    seconds: a clock that never goes back. It is believed to run as fast as the shared one.
    """

    def __init__(self, seconds: Callable[[], float] = monotonic) -> None:
        self._seconds = seconds
        self._learned: tuple[datetime, float] | None = None

    @property
    def age_s(self) -> float:
        """Seconds since it learned the time; infinite before the first time."""
        return inf if self._learned is None else self._seconds() - self._learned[1]

    def learn(self, now: datetime) -> None:
        """now: of the shared clock, at this moment."""
        self._learned = now, self._seconds()

    def now(self) -> datetime:
        """The shared time; the process's own before anything was learned."""
        if self._learned is None:
            return SystemClock().now()
        then, at_s = self._learned
        return then + timedelta(seconds=self._seconds() - at_s)


class FixedClock:
    """A clock that stands until it is moved; for tests."""

    def __init__(self, at: datetime) -> None:
        if at.tzinfo is None:
            raise ValueError("a clock stands at a naive time; only aware times are allowed")
        self._now = at.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> None:
        self._now += by
