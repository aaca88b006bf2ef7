"""A supplement (补正): the applicant is told once, with all that is missing, and answers once.

Source: 行政许可法 (Administrative Licensing Law), article 32.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from services.matter.cases.domain import clock
from services.matter.cases.domain.case import STEP, Case
from services.matter.cases.domain.progress import Progress
from shared_components.kernel.working_days import YearNotLoaded


@dataclass(frozen=True, slots=True)
class Supplement:
    """step, desk, claimed_by: where the officer's work goes on after the answer. Times are ISO 8601, UTC.

    items: all that is missing, for the applicant. fields: fields of the form that the applicant may change.
    """

    step: str
    desk: str
    claimed_by: str
    items: tuple[str, ...]
    fields: tuple[str, ...]
    asked_at: str
    due_at: str
    answered_at: str | None = None

    @classmethod
    def of(cls, case: Case) -> Supplement | None:
        """Give the supplement that the case was asked for."""
        kept: Mapping[str, Any] | None = case.handling.get("supplement")
        return None if kept is None else cls(
            **{**kept, "items": tuple(kept["items"]), "fields": tuple(kept["fields"])})

    @property
    def is_awaited(self) -> bool:
        return self.answered_at is None

    def keep(self, case: Case) -> None:
        case.handling = {**case.handling, "supplement": asdict(self)}


def told_until(progress: Progress) -> datetime | None:
    """The last moment at which a supplement may be told; later the application counts as accepted when received.

    None: the days of that year are not known yet.
    """
    received = progress.case.submitted_at or progress.now
    try:
        return progress.calendar.due(received, clock.TELL_WITHIN_WORKING_DAYS)
    except YearNotLoaded:
        return None


def stop_clocks(progress: Progress) -> None:
    """Stop the limits of all steps that have begun: the applicant's time does not count."""
    for task in progress.case.by_role(STEP):
        if task.is_open:
            task.limit_at = None


def restart_clocks(progress: Progress) -> None:
    """Count the limits from now: an application is received when it is complete."""
    for task in progress.case.by_role(STEP):
        limit = progress.definition.step(task.name).limit_working_days
        if limit and task.is_open and task.started_at is not None:
            clock.limit_step(progress, task.name, progress.now, limit)


def changed_form(case: Case, supplement: Supplement, given: Mapping[str, Any]) -> dict[str, Any]:
    """Give the form with the fields that were asked for."""
    return {**case.form, **{name: given[name] for name in supplement.fields if name in given}}


def not_asked(supplement: Supplement, given: Mapping[str, Any]) -> Sequence[str]:
    return sorted(set(given) - set(supplement.fields))
