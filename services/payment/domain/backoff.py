"""How long to wait before asking a channel again."""
from __future__ import annotations

from datetime import datetime, timedelta

FIRST_WAIT_S = 10
LONGEST_WAIT_S = 1800


def next_attempt(attempts: int, *, now: datetime) -> datetime:
    """10 s after the first attempt, then twice as long each time, half an hour at most.

    attempts: how many there were before, 0 for the first.
    """
    wait_s = FIRST_WAIT_S * 2 ** min(attempts, 16)
    return now + timedelta(seconds=min(wait_s, LONGEST_WAIT_S))
