"""The platform's calendar of working days: shipped years, one file each, and days of the configuration."""
from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from shared_components.kernel.working_days import WorkingCalendar

WARN_FROM_MONTH = 10


def shipped_calendar(
    holidays: Collection[date] = frozenset(), make_up_days: Collection[date] = frozenset(),
    years: Collection[int] = frozenset(),
) -> WorkingCalendar:
    """Give the calendar of all shipped years; configured days win over shipped ones.

    years: those whose days are all among the configured ones. Other years that are not shipped are not known.
    """
    off: set[date] = set()
    worked: set[date] = set()
    known = set(years)
    for path in sorted(Path(__file__).parent.glob("[0-9]*.yaml")):
        year = yaml.safe_load(path.read_text(encoding="utf-8"))
        off.update(_days(year))
        worked.update(year["worked"])
        known.add(year["year"])
    return WorkingCalendar(
        frozenset(off - set(make_up_days)) | frozenset(holidays),
        frozenset(worked - set(holidays)) | frozenset(make_up_days),
        frozenset(known))


def platform_calendar(
    configuration: Mapping[str, Any], settings: Mapping[str, Any], years: Collection[int] = frozenset(),
) -> WorkingCalendar:
    """Give the one calendar of all services. settings: of a service, whose own `holidays` and `make_up_days` win.

    years: those whose days the service's settings give, beside the shipped years and the platform's `calendar.years`.
    A configuration without section `calendar`, as tests have it, has the shipped days alone.
    """
    common = configuration.get("calendar") or {}
    off, worked = (frozenset(settings[name]) for name in ("holidays", "make_up_days"))
    common_off, common_worked = (frozenset(common.get(name, ())) for name in ("holidays", "make_up_days"))
    known = frozenset(years) | frozenset(common.get("years", ()))
    return shipped_calendar(off | (common_off - worked), worked | (common_worked - off), known)


def missing_year(configuration: Mapping[str, Any], years: Collection[int], today: date) -> list[str]:
    """Give a warning, from 1 October, when the next year is not loaded. years: those of a service's settings."""
    needed = today.year + (today.month >= WARN_FROM_MONTH)
    if platform_calendar(configuration, {"holidays": (), "make_up_days": ()}, years).knows(needed):
        return []
    return [f"working days of {needed} are not loaded; limits that end in it are pending"]


def _days(year: Any) -> Iterator[date]:
    for first, last in year["days_off"]:
        for number in range((last - first).days + 1):
            yield first + timedelta(days=number)
