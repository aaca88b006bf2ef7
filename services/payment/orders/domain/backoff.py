"""How long to wait before asking a channel again."""
from __future__ import annotations

from datetime import UTC, datetime, timedelta

FIRST_WAIT_S = 10
LONGEST_WAIT_S = 1800
CLOSE_TOGETHER = 10
MOST_ATTEMPTS = 2000
"""About 41 days. Attempts count only while the channel answers others, so it is this one thing that finds no answer."""
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""Nobody asks again by himself; a callback, a statement or an operator still settles it."""


def next_attempt(attempts: int, *, now: datetime) -> datetime:
    """10 s after the first attempt, then twice as long each time, half an hour at most.

    attempts: how many there were before, 0 for the first.
    """
    if attempts >= MOST_ATTEMPTS:
        return NEVER
    wait_s = FIRST_WAIT_S * 2 ** min(attempts, 16)
    return now + timedelta(seconds=min(wait_s, LONGEST_WAIT_S))


def next_retry(attempts: int, *, now: datetime) -> datetime:
    """After no answer: the first ten attempts stay close together, so that a short failure is soon forgotten.

    A channel that fails for everybody is spared by its breaker; this is for one question that finds no answer.
    """
    usual = next_attempt(attempts, now=now)
    return min(usual, now + timedelta(seconds=2 * FIRST_WAIT_S)) if attempts < CLOSE_TOGETHER else usual
