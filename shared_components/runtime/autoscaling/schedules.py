"""Known peaks: between a start and an end a service has more processes at least."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

# Overlaps are looked for so far ahead: a yearly peak is found.
LOOKED_AHEAD = timedelta(days=400)
MOST_WINDOWS = 1_000


@dataclass(frozen=True)
class Schedule:
    """start, end: both in cron's form, or both a date and time such as 2026-12-15T08:00; of the time zone."""

    name: str
    start: str
    end: str
    zone: ZoneInfo
    floor: int

    def active(self, now: datetime) -> bool:
        """now: aware."""
        begins, ends = _moment(self.start, self.zone), _moment(self.end, self.zone)
        if begins is not None and ends is not None:
            return begins <= now < ends
        # A second later, because what is due now counts as begun.
        local = (now + timedelta(seconds=1)).astimezone(self.zone)
        begun, ended = _last(self.start, local), _last(self.end, local)
        return begun is not None and (ended is None or begun > ended)

    def windows(self, now: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield (begin, end), from the last one that has begun, for LOOKED_AHEAD at most."""
        begins, ends = _moment(self.start, self.zone), _moment(self.end, self.zone)
        if begins is not None and ends is not None:
            yield begins, ends
            return
        local = now.astimezone(self.zone)
        begun = _last(self.start, local)
        for number, begin in enumerate(CronSim(self.start, begun - timedelta(minutes=1) if begun else local)):
            end = next(iter(CronSim(self.end, begin)), None)
            if end is None or begin - local > LOOKED_AHEAD or number >= MOST_WINDOWS:
                return
            yield begin, end


def problem_of(schedule: Schedule, now: datetime) -> str | None:
    """Describe what is wrong with a schedule; None when it is right."""
    moments = [_moment(text, schedule.zone) for text in (schedule.start, schedule.end)]
    if (moments[0] is None) != (moments[1] is None):
        return "has a start and an end of two forms; two cron expressions or two dates with times are allowed"
    if moments[0] is not None and moments[1] is not None:
        return "ends before it begins" if moments[1] <= moments[0] else None
    for key, text in (("start", schedule.start), ("end", schedule.end)):
        try:
            CronSim(text, now)
        except CronSimError as error:
            return (f"has the {key} '{text[:60]}', which is no cron expression ({error}); five fields such as "
                    "'0 8 1-15 * *', or a date and time such as 2026-12-15T08:00, are allowed")
    return _endless(schedule, now)


def _endless(schedule: Schedule, now: datetime) -> str | None:
    before: datetime | None = None
    found = False
    for begin, end in schedule.windows(now):
        if before is not None and begin < before:
            return f"begins anew at {begin.isoformat()} before it ends at {before.isoformat()}"
        before, found = end, True
    return None if found else f"never begins and ends within {LOOKED_AHEAD.days} days"


def overlap(schedules: Sequence[Schedule], now: datetime) -> tuple[str, str, datetime] | None:
    """Give the names of two schedules that are in force at once, and when first; None without any."""
    windows = {schedule.name: list(schedule.windows(now)) for schedule in schedules}
    found = [
        (max(begin, other_begin), one.name, other.name)
        for one, other in combinations(schedules, 2)
        for begin, end in windows[one.name] for other_begin, other_end in _near(windows[other.name], end)
        if begin < other_end and other_begin < end
    ]
    if not found:
        return None
    at, first, second = min(found)
    return first, second, at


def _near(windows: Sequence[tuple[datetime, datetime]], end: datetime) -> Iterator[tuple[datetime, datetime]]:
    for window in windows:
        if window[0] >= end:
            return
        yield window


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    """Read a date and time of the zone; None for another form."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def _last(expression: str, local: datetime) -> datetime | None:
    return next(iter(CronSim(expression, local, reverse=True)), None)
