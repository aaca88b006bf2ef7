"""Dates and times as text: one form of each, that of RFC 3339, which JSON Schema's `date` and `date-time` mean."""
from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone

from shared_components.kernel.bilingual import Bilingual

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})")
DATE_FORM = "YYYY-MM-DD"
TIME_FORM = "YYYY-MM-DDThh:mm:ssZ, or with an offset such as +08:00 instead of Z"


# The zone in which departments count their days.
CHINA = timezone(timedelta(hours=8))


def parse_date(text: str) -> date:
    """`2026-01-31`. Raises ValueError."""
    if not _DATE.fullmatch(text):
        raise ValueError(f"not a date; {DATE_FORM} is allowed")
    return date.fromisoformat(text)


def parse_time(text: str) -> datetime:
    """`2026-01-31T08:30:00+08:00`, kept to the microsecond; it exists in UTC and in China too. Raises ValueError."""
    if not _TIME.fullmatch(text):
        raise ValueError(f"not a time; {TIME_FORM} is allowed")
    moment = datetime.fromisoformat(text.upper())
    try:
        moment.astimezone(UTC)
        moment.astimezone(CHINA)
    except OverflowError:
        raise ValueError(Bilingual(
            "outside the years 1 to 9999, in UTC or in China", "在 UTC 或中国时区超出公元 1 至 9999 年")) from None
    return moment


def years_later(day: date, years: int) -> date | None:
    """The same day of a later year; 29 February becomes the 28th in a common year. Gives None past the year 9999."""
    year = day.year + years
    if year > date.max.year:
        return None
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def days_later(day: date, days: int) -> date:
    """days: may be negative. The calendar's first or last day where it would be left."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def end_of_china_day(day: date) -> datetime:
    """The end of a day in China, in UTC. The last day of the calendar ends when it begins: there is no next one."""
    if day == date.max:
        return datetime.combine(day, time.min, CHINA).astimezone(UTC)
    return datetime.combine(day + timedelta(days=1), time.min, CHINA).astimezone(UTC)
