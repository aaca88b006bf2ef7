"""The platform's calendar of working days: shipped years, one file each, and days of the configuration."""
from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
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


def platform_calendar(configuration: Mapping[str, Any], settings: Mapping[str, Any]) -> WorkingCalendar:
    """The one calendar of all services. settings: of a service, whose own `holidays` and `make_up_days` win.

    A configuration without section `calendar`, as tests have it, has the shipped days alone.
    """
    common = configuration.get("calendar") or {}
    off, worked = (frozenset(settings[name]) for name in ("holidays", "make_up_days"))
    common_off, common_worked = (frozenset(common.get(name, ())) for name in ("holidays", "make_up_days"))
    return shipped_calendar(off | (common_off - worked), worked | (common_worked - off))


def _days(year: Any) -> Iterator[date]:
    for first, last in year["days_off"]:
        for number in range((last - first).days + 1):
            yield first + timedelta(days=number)
