"""A clock that goes by a shared one."""
from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import inf

from shared_components.kernel.clock import LearnedClock

THEN = datetime(2026, 3, 1, 8, tzinfo=UTC)


def test_it_goes_by_the_shared_clock_and_by_the_process_before_it_learned_anything() -> None:
    passed = [5.0]
    clock = LearnedClock(lambda: passed[0])
    assert clock.age_s == inf
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    clock.learn(THEN)
    passed[0] = 17.5
    assert (clock.now(), clock.age_s) == (THEN + timedelta(seconds=12.5), 12.5)
    clock.learn(THEN)
    assert clock.now() == THEN
