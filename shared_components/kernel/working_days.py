"""Days as a department counts them, in China's time zone."""
from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, timezone

# China keeps one zone and no daylight saving, so that a fixed offset is right and needs no zone database.
CHINA = timezone(timedelta(hours=8))


class YearNotLoaded(LookupError):
    """A count of working days needs a year whose holidays were not announced, or not loaded."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(f"the working days of {year} are not loaded")


def local_date(at: datetime) -> date:
    """The calendar day in China at an aware time."""
    return at.astimezone(CHINA).date()


def end_of_day(day: date) -> datetime:
    """The end of a day in China; aware UTC."""
    return datetime.combine(day + timedelta(days=1), time(), CHINA).astimezone(UTC)


@dataclass(frozen=True)
class WorkingCalendar:
    """Monday to Friday, without the holidays, with the make-up days (调休上班日) that the State Council announces.

    years: those whose days are known; None: every year, with no holidays but the given ones.
    """

    holidays: Collection[date] = field(default_factory=frozenset)
    make_up_days: Collection[date] = field(default_factory=frozenset)
    years: Collection[int] | None = None

    def is_working_day(self, day: date) -> bool:
        """Raises YearNotLoaded."""
        if self.years is not None and day.year not in self.years:
            raise YearNotLoaded(day.year)
        return day in self.make_up_days or (day.weekday() < 5 and day not in self.holidays)

    def knows(self, year: int) -> bool:
        return self.years is None or year in self.years

    def for_every_year(self) -> WorkingCalendar:
        """The same days, where an end must be told now: of years that are not known, the weekends alone are off."""
        return replace(self, years=None)

    def due(self, start: datetime, working_days: int) -> datetime:
        """The end of the nth working day after the day of start; aware UTC.

        working_days: ≥ 1. The day of the start does not count. Raises YearNotLoaded.
        """
        day, left = local_date(start), working_days
        while left:
            day += timedelta(days=1)
            left -= self.is_working_day(day)
        return end_of_day(day)

    def working_days_between(self, first: date, last: date) -> int:
        """The working days after `first`, up to and with `last`. Raises YearNotLoaded."""
        days = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
        return sum(map(self.is_working_day, days))
