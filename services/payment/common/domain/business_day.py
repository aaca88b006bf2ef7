"""The fiscal calendar: a business day is a day in China, whatever zone a process runs in."""
from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

FISCAL_ZONE = timezone(timedelta(hours=8))


def business_day(at: datetime) -> date:
    """at: aware."""
    return at.astimezone(FISCAL_ZONE).date()


def next_day(day: date) -> date:
    return day + timedelta(days=1)


def day_before(day: date) -> date:
    return day - timedelta(days=1)
