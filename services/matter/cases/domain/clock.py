"""The clock of a procedure: when its limits end, when somebody is warned, and when it must be looked at next."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from services.matter.cases.domain.case import STEP, Case
from services.matter.cases.domain.case_now import CaseNow
from services.matter.cases.domain.procedure import RECEIVED, Procedure, stopped_times
from services.matter.cases.domain.timeline import Line, entry
from services.matter.definitions.domain.limits import Limit
from services.matter.definitions.domain.model import Definition
from shared_components.kernel.working_days import WorkingCalendar, YearNotLoaded, local_date

TELL_WITHIN_WORKING_DAYS = 5
"""A supplement is told of within five working days of the receipt. Source: 行政许可法 article 32."""
WARN_AT = 5
"""A warning is given when a fifth of the time is left."""
PROMISED, LEGAL = "promised", "legal"
WARNED, OVERDUE = "warned", "overdue"
CASE_DUE_SOON, CASE_OVERDUE = "case-due-soon", "case-overdue"
PROMISE_MISSED = Line("promise-missed", "已超过承诺办理时限", "The promised limit has passed")
LIMIT_MISSED = Line("limit-missed", "已超过法定办理时限", "The legal limit has passed")


class Clock(CaseNow, Protocol):
    """The part of a case's progress that its clock uses. events: state changes, in order."""

    @property
    def calendar(self) -> WorkingCalendar: ...

    @property
    def events(self) -> list[str]: ...


def wind(clock: Clock) -> None:
    """Compute the limits anew, and when the case is looked at next."""
    procedure = Procedure.of(clock.case)
    if procedure is None:
        return
    promised, legal, years = None, None, []
    if procedure.is_undecided and procedure.stopped is None:
        promised, year = _due(clock, procedure, clock.definition.procedure.promised)
        years.append(year)
        legal, year = _due(clock, procedure, clock.definition.procedure.legal)
        years.append(year)
    deemed, year = _deemed(clock, procedure)
    pending = [one for one in (*years, year, *_pending_steps(clock.case)) if one is not None]
    procedure = replace(
        procedure, promised_due_at=_text(promised), legal_due_at=_text(legal), pending_year=max(pending, default=None))
    procedure.keep(clock.case)
    clock.case.pending_year = procedure.pending_year
    clock.case.look_at = min((at for at in (deemed, *_moments(procedure)) if at is not None), default=None)


def due_warnings(clock: Clock) -> None:
    """Tell of limits that are near or have passed: each once, by an event, and in the timeline where one is missed."""
    procedure = Procedure.of(clock.case)
    if procedure is None or not procedure.is_undecided:
        return
    told = list(procedure.told)
    for name, due_at in _limits(procedure):
        for word, at in ((WARNED, _warning(procedure, due_at)), (OVERDUE, due_at)):
            mark = f"{name}-{word}"
            if mark not in told and clock.now >= at:
                told.append(mark)
                clock.events.append(CASE_OVERDUE if word == OVERDUE else CASE_DUE_SOON)
                if word == OVERDUE:
                    clock.case.tell(entry(clock.now, LIMIT_MISSED if name == LEGAL else PROMISE_MISSED))
    replace(procedure, told=tuple(told)).keep(clock.case)
    wind(clock)


def set_pending_steps(clock: Clock) -> None:
    """Set the limits of steps that waited for a year to be loaded."""
    for task in clock.case.by_role(STEP):
        waited = task.settings.get("limit_from")
        days = clock.definition.step(task.name).limit_working_days
        if waited is not None and task.is_open and days is not None:
            limit_step(clock, task.name, datetime.fromisoformat(waited), days)


def limit_step(clock: Clock, step: str, start: datetime, working_days: int) -> None:
    """Set the limit of a step; where its year is not loaded, remember from when it counts."""
    task = clock.case.step(step)
    kept = {name: value for name, value in task.settings.items() if name not in ("limit_from", "limit_year")}
    try:
        task.limit_at = clock.calendar.due(start, working_days)
    except YearNotLoaded as missing:
        task.limit_at = None
        kept |= {"limit_from": start.isoformat(), "limit_year": missing.year}
    if kept != task.settings:
        task.settings = kept


def extension_of(definition: Definition, limit: Limit) -> int:
    """By how many of its unit a limit may be extended; a promise as the legal limit, where both have one unit."""
    legal = definition.procedure.legal
    return limit.extension or (legal.extension if limit.unit == legal.unit else 0)


def stop_steps(clock: Clock) -> None:
    """Stop the limits of the open steps; what is left of them is kept."""
    for task in clock.case.by_role(STEP):
        if task.is_open and task.limit_at is not None:
            task.settings = {**task.settings, "limit_stopped": task.limit_at.isoformat()}
            task.limit_at = None


def restart_steps(clock: Clock, stopped_at: datetime) -> None:
    """Let the limits of steps run on: they end as many working days later as they stood."""
    for task in clock.case.by_role(STEP):
        if "limit_stopped" not in task.settings:
            continue
        last_day = datetime.fromisoformat(task.settings["limit_stopped"]) - timedelta(seconds=1)
        task.settings = {name: value for name, value in task.settings.items() if name != "limit_stopped"}
        if task.is_open:
            try:
                lost = clock.calendar.working_days_between(local_date(stopped_at), local_date(clock.now))
                task.limit_at = clock.calendar.due(last_day, lost) if lost else last_day + timedelta(seconds=1)
            except YearNotLoaded as missing:
                started = (task.started_at or clock.now).isoformat()
                task.settings = {**task.settings, "limit_from": started, "limit_year": missing.year}


def deemed_at(clock: Clock) -> datetime | None:
    """The moment from which a received application counts as accepted; None: not known, or not so."""
    procedure = Procedure.of(clock.case)
    return None if procedure is None else _deemed(clock, procedure)[0]


def _deemed(clock: Clock, procedure: Procedure) -> tuple[datetime | None, int | None]:
    if procedure.stage != RECEIVED:
        return None, None
    try:
        return clock.calendar.due(datetime.fromisoformat(procedure.received_at), TELL_WITHIN_WORKING_DAYS), None
    except YearNotLoaded as missing:
        return None, missing.year


def _due(clock: Clock, procedure: Procedure, limit: Limit) -> tuple[datetime | None, int | None]:
    """When a limit ends, or the year that must be loaded before it is known."""
    accepted_at = datetime.fromisoformat(procedure.accepted_at or procedure.received_at)
    more = extension_of(clock.definition, limit) if procedure.extension is not None else 0
    try:
        return limit.due(accepted_at, clock.calendar, more=more, stopped=stopped_times(procedure)), None
    except YearNotLoaded as missing:
        return None, missing.year


def _limits(procedure: Procedure) -> Iterator[tuple[str, datetime]]:
    for name, text in ((PROMISED, procedure.promised_due_at), (LEGAL, procedure.legal_due_at)):
        if text is not None:
            yield name, datetime.fromisoformat(text)


def _moments(procedure: Procedure) -> Iterator[datetime]:
    """The moments of warnings that are still to come."""
    for name, due_at in _limits(procedure):
        if f"{name}-{WARNED}" not in procedure.told:
            yield _warning(procedure, due_at)
        if f"{name}-{OVERDUE}" not in procedure.told:
            yield due_at


def _warning(procedure: Procedure, due_at: datetime) -> datetime:
    begun = datetime.fromisoformat(procedure.accepted_at or procedure.received_at)
    return due_at - max((due_at - begun) / WARN_AT, timedelta())


def _pending_steps(case: Case) -> Iterator[int]:
    for task in case.by_role(STEP):
        if "limit_year" in task.settings and task.is_open:
            yield int(task.settings["limit_year"])


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
