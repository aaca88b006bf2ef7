"""Limits of a matter by law and by promise, in working days, calendar days or months."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from shared_components.kernel.working_days import WorkingCalendar, end_of_day, local_date

WORKING_DAYS, DAYS, MONTHS = "working_days", "days", "months"
UNITS = (WORKING_DAYS, DAYS, MONTHS)


@dataclass(frozen=True, slots=True)
class Limit:
    """amount: ≥ 1. extension: by how many of the unit an approver may extend it, once; 0: not at all."""

    amount: int
    unit: str = WORKING_DAYS
    extension: int = 0

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Limit:
        unit = next(unit for unit in UNITS if unit in data)
        return cls(data[unit], unit, data.get("extension", 0))

    def due(
        self, start: datetime, calendar: WorkingCalendar, *, more: int = 0,
        stopped: Sequence[tuple[datetime, datetime]] = (),
    ) -> datetime:
        """The end of the limit's last day; the day of the start does not count.

        more: of the unit, by an extension. stopped: times that do not count, each with its end.
        Raises YearNotLoaded; calendar days and months need no calendar.
        """
        if self.unit == WORKING_DAYS:
            lost = sum(calendar.working_days_between(local_date(begun), local_date(ended)) for begun, ended in stopped)
            return calendar.due(start, self.amount + more + lost)
        lost = sum((local_date(ended) - local_date(begun)).days for begun, ended in stopped)
        if self.unit == DAYS:
            return end_of_day(local_date(start) + timedelta(days=self.amount + more + lost))
        return end_of_day(_months_later(local_date(start), self.amount + more) + timedelta(days=lost))


def _months_later(day: date, months: int) -> date:
    """The same day of a later month; the month's last day where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


LAW = Limit(20, WORKING_DAYS, 10)
"""行政许可法 article 42: 20 working days, extended once by 10."""
JOINT = Limit(45, WORKING_DAYS, 15)
"""The same article: several departments handle a case together."""


@dataclass(frozen=True, slots=True)
class ProcedureRules:
    """accepted_by: the step whose end accepts the application; None: officers do, or the first step.

    calendar: name of the calendar of working days; empty: the State Council's.
    """

    legal: Limit
    promised: Limit
    accepted_by: str | None = None
    calendar: str = ""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> ProcedureRules:
        """data: a definition's `procedure`, empty where it has no such part."""
        usual = JOINT if data.get("joint", False) else LAW
        legal = Limit.of(data["legal_limit"]) if "legal_limit" in data else usual
        promised = Limit.of(data["promised_limit"]) if "promised_limit" in data else legal
        return cls(legal, promised, data.get("accepted_by"), data.get("calendar", ""))
