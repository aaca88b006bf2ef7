"""Days as a department counts them, in China's time zone."""
from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone

# China keeps one zone and no daylight saving, so that a fixed offset is right and needs no zone database.
CHINA = timezone(timedelta(hours=8))


def local_date(at: datetime) -> date:
    """The calendar day in China at an aware time."""
    return at.astimezone(CHINA).date()


@dataclass(frozen=True)
class WorkingCalendar:
    """Monday to Friday, without the holidays, with the make-up days (调休上班日) that the State Council announces."""

    holidays: Collection[date] = field(default_factory=frozenset)
    make_up_days: Collection[date] = field(default_factory=frozenset)

    def is_working_day(self, day: date) -> bool:
        return day in self.make_up_days or (day.weekday() < 5 and day not in self.holidays)

    def due(self, start: datetime, working_days: int) -> datetime:
        """The end of the nth working day after the day of start; aware UTC.

        working_days: ≥ 1. The day of the start does not count.
        """
        day, left = local_date(start), working_days
        while left:
            day += timedelta(days=1)
            left -= self.is_working_day(day)
        return datetime.combine(day + timedelta(days=1), time(), CHINA).astimezone(UTC)
