"""Calendars of working days that the kit ships, one file a year."""
from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from shared_components.kernel.working_days import WorkingCalendar


def shipped_calendar(
    holidays: Collection[date] = frozenset(), make_up_days: Collection[date] = frozenset(),
) -> WorkingCalendar:
    """Give the calendar of all shipped years. Configured days win over shipped ones."""
    off: set[date] = set()
    worked: set[date] = set()
    for path in sorted(Path(__file__).parent.glob("[0-9]*.yaml")):
        year = yaml.safe_load(path.read_text(encoding="utf-8"))
        off.update(_days(year))
        worked.update(year["worked"])
    return WorkingCalendar(
        frozenset(off - set(make_up_days)) | frozenset(holidays),
        frozenset(worked - set(holidays)) | frozenset(make_up_days))


def _days(year: Any) -> Iterator[date]:
    for first, last in year["days_off"]:
        for number in range((last - first).days + 1):
            yield first + timedelta(days=number)
