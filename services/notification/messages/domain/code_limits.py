"""Limits of one-time codes to a number: those that carriers have, in natural minutes, hours and days of China.

Source: the rules of a large carrier (1 a minute, 5 an hour, 10 a day for a number).
"""
from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

CHINA_S = 8 * 3600
MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400
PER_MINUTE, PER_HOUR, PER_DAY = 1, 5, 10


@dataclass(frozen=True, slots=True)
class CodeCounts:
    """minute, hour, day: numbers of the windows since 1970, UTC+8; in_…: codes in each."""

    minute: int = 0
    in_minute: int = 0
    hour: int = 0
    in_hour: int = 0
    day: int = 0
    in_day: int = 0


def take_code(counts: CodeCounts, at: datetime) -> tuple[CodeCounts, int]:
    """Count one code more. Gives the new counts and 0, or the same counts and the seconds to wait."""
    now_s = int(at.timestamp()) + CHINA_S
    minute, hour, day = now_s // MINUTE_S, now_s // HOUR_S, now_s // DAY_S
    present = CodeCounts(
        minute, counts.in_minute if counts.minute == minute else 0,
        hour, counts.in_hour if counts.hour == hour else 0,
        day, counts.in_day if counts.day == day else 0)
    wait_s = max(
        (DAY_S - now_s % DAY_S) if present.in_day >= PER_DAY else 0,
        (HOUR_S - now_s % HOUR_S) if present.in_hour >= PER_HOUR else 0,
        (MINUTE_S - now_s % MINUTE_S) if present.in_minute >= PER_MINUTE else 0)
    if wait_s:
        return counts, wait_s
    return replace(
        present, in_minute=present.in_minute + 1, in_hour=present.in_hour + 1, in_day=present.in_day + 1), 0
