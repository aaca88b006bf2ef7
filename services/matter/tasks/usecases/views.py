"""Officers' tasks as they see them."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.matter.cases.domain.case import Case, Task
from services.matter.definitions.domain.model import Definition


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerTaskView:
    """mine: the reader has taken it. taken: some officer has."""

    case_id: str
    step: str
    matter_code: str
    title_zh: str
    title_en: str
    applicant_subject: str
    desk: str
    taken: bool
    mine: bool
    countersigning: bool
    waiting_since: datetime | None
    limit_at: datetime | None
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerTaskDetailView(OfficerTaskView):
    """form: fields that the officer may see. notes: of those who handed it on.

    proposal: what another officer proposed; None when nothing is.
    """

    form: Mapping[str, Any] = field(repr=False)
    decision_form: Mapping[str, Any] | None
    notes: Sequence[str] = field(repr=False)
    proposal: Mapping[str, Any] | None = field(repr=False)


def task_fields(
    case: Case, task: Task, definition: Definition, *, officer: str | None, now: datetime,
) -> dict[str, Any]:
    title = definition.step(task.name).title
    return {
        "case_id": case.id, "step": task.name, "matter_code": case.matter_code, "title_zh": title.zh,
        "title_en": title.en, "applicant_subject": case.applicant_subject, "desk": task.desk or "",
        "taken": task.claimed_by is not None, "mine": officer is not None and task.claimed_by == officer,
        "countersigning": proposal_of(task) is not None, "waiting_since": task.started_at, "limit_at": task.limit_at,
        "overdue": task.limit_at is not None and now > task.limit_at,
    }


def proposal_of(task: Task) -> Mapping[str, Any] | None:
    """Give the decision that waits to be countersigned."""
    found: Mapping[str, Any] | None = (task.signal or {}).get("proposal")
    return found
