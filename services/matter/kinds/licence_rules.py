"""When a driving licence may be renewed, and for how long."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from shared_components.kernel.dates import days_later, years_later

PERMANENT = "permanent"


def renewal_window(valid_until: date, *, opens_days_before: int, closes_years_after: int) -> tuple[date, date]:
    """First and last day, both included; the calendar's own where it ends before."""
    closes = years_later(valid_until, closes_years_after)
    return days_later(valid_until, -opens_days_before), date.max if closes is None else closes


def next_term(valid_from: date, valid_until: date, ladder: Sequence[int | str]) -> int | None:
    """Years of the next validity; None is 长期. ladder: rising years, then `permanent` if it ends there.

    The first rung longer than the present term follows; the last rung follows itself.
    """
    present = round((valid_until - valid_from).days / 365.25)
    for rung in ladder:
        if rung == PERMANENT:
            return None
        if int(rung) > present:
            return int(rung)
    return int(ladder[-1])


def next_validity(
    valid_from: date, valid_until: date, *, issued_on: date, ladder: Sequence[int | str]
) -> tuple[date, date | None]:
    """From the day of issue, until the term counted from the old expiry: who renews early loses no day.

    A term that ends after the year 9999 is 长期.
    """
    years = next_term(valid_from, valid_until, ladder)
    if years is None:
        return issued_on, None
    return issued_on, years_later(max(issued_on, valid_until), years)


def age_on(born: date, day: date) -> int:
    """Full years (周岁)."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
