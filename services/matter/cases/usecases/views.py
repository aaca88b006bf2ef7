"""Cases as callers may see them."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from services.matter.cases.domain import states
from services.matter.cases.domain.case import COMPENSATION, NOTICE, STEP, Case, Task
from services.matter.cases.domain.pausing import pause_of
from services.matter.cases.domain.procedure import STAGE_LABELS
from services.matter.cases.domain.remedies import REMEDIES
from services.matter.cases.domain.supplement import Supplement
from services.matter.cases.domain.timeline import TimelineEntry
from services.matter.cases.usecases.procedure_views import ProcedureView, is_late, procedure_view
from services.matter.definitions.domain.kind_rules import Rules
from shared_components.kernel.bilingual import in_locale

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSummaryView:
    """Replies to changes are kept as they are, so nothing personal may stand in them."""

    case_id: str
    matter_code: str
    version: int
    applicant_subject: str
    state: str
    state_label: str
    stage: str | None
    stage_label: str | None
    stuck: bool
    paused: bool
    overdue: bool
    created_at: datetime
    submitted_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class TaskView:
    """duration_s: until its end, or until now."""

    step: str
    kind: str
    state: str
    state_label: str
    result: Mapping[str, Any] = field(repr=False)
    error: Mapping[str, Any] | None = field(repr=False)
    attempts: int
    started_at: datetime | None
    finished_at: datetime | None
    duration_s: float | None
    limit_at: datetime | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class TimelineLineView:
    at: datetime
    entry: str
    step: str | None
    zh: str
    en: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementView:
    items: Sequence[str] = field(repr=False)
    fields: Sequence[str]
    asked_at: datetime
    due_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView(CaseSummaryView):
    form: Mapping[str, Any] = field(repr=False)
    steps: Sequence[TaskView]
    compensations: Sequence[TaskView]
    notices: Sequence[TaskView]
    timeline: Sequence[TimelineLineView]
    outcome: Mapping[str, Any] = field(repr=False)
    supplement: SupplementView | None
    procedure: ProcedureView | None


def locale_of(context: CallContext) -> str:
    """The reader's language, of the two that texts exist in."""
    return "zh-CN" if context.locale.startswith("zh") else "en"


def case_summary(case: Case, *, locale: str, now: datetime) -> CaseSummaryView:
    return CaseSummaryView(**_summary(case, locale, now))


def case_view(case: Case, rules: Rules, *, locale: str, now: datetime) -> CaseView:
    return CaseView(
        **_summary(case, locale, now),
        form=case.form,
        steps=_tasks(case, STEP, locale, now),
        compensations=_tasks(case, COMPENSATION, locale, now),
        notices=_tasks(case, NOTICE, locale, now),
        timeline=[_line(line, locale) for line in case.timeline],
        outcome=outcome_view(case, rules),
        supplement=supplement_view(case),
        procedure=procedure_view(case),
    )


def supplement_view(case: Case) -> SupplementView | None:
    """Give what the applicant was asked for; the officer is not named."""
    asked = Supplement.of(case)
    if asked is None:
        return None
    answered_at = datetime.fromisoformat(asked.answered_at) if asked.answered_at is not None else None
    return SupplementView(
        items=asked.items, fields=asked.fields, asked_at=datetime.fromisoformat(asked.asked_at),
        due_at=datetime.fromisoformat(asked.due_at), answered_at=answered_at)


def _summary(case: Case, locale: str, now: datetime) -> dict[str, Any]:
    return {
        "case_id": case.id,
        "matter_code": case.matter_code,
        "version": case.version,
        "applicant_subject": case.applicant_subject,
        "state": case.state,
        "state_label": in_locale(states.CASE_LABELS[case.state], locale),
        "stage": case.stage,
        "stage_label": None if case.stage is None else in_locale(STAGE_LABELS[case.stage], locale),
        "stuck": case.is_stuck,
        "paused": pause_of(case) is not None,
        "overdue": is_late(case, now) or any(_is_overdue(task, now) for task in case.tasks),
        "created_at": case.created_at,
        "submitted_at": case.submitted_at,
        "finished_at": case.finished_at,
    }


def _tasks(case: Case, role: str, locale: str, now: datetime) -> list[TaskView]:
    ordered = sorted(case.by_role(role), key=lambda task: task.position)
    return [task_view(task, locale=locale, now=now) for task in ordered]


def task_view(task: Task, *, locale: str, now: datetime) -> TaskView:
    finished_or_now = task.finished_at or now
    return TaskView(
        step=task.name,
        kind=task.kind,
        state=task.state,
        state_label=in_locale(states.TASK_LABELS[task.state], locale),
        result=task.result,
        error=task.error,
        attempts=task.attempts,
        started_at=task.started_at,
        finished_at=task.finished_at,
        duration_s=(finished_or_now - task.started_at).total_seconds() if task.started_at else None,
        limit_at=task.limit_at,
        overdue=_is_overdue(task, now),
    )


def _line(line: TimelineEntry, locale: str) -> TimelineLineView:
    text = line.zh if locale.startswith("zh") else line.en
    return TimelineLineView(at=line.at, entry=line.entry, step=line.step, zh=line.zh, en=line.en, text=text)


def outcome_view(case: Case, rules: Rules) -> dict[str, Any]:
    """Give the outcome of a case; empty while the case is open."""
    if not case.is_final:
        return {}
    outcome: dict[str, Any] = {"state": case.state}
    if case.stop is not None:
        outcome |= {key: case.stop[key] for key in ("code", "zh", "en")}
    if case.state == states.REFUSED:
        outcome["remedies"] = [dict(remedy) for remedy in REMEDIES]
    if case.state == states.COMPLETED:
        for task in case.by_role(STEP):
            outcome |= {key: task.result[key] for key in rules.of(task.kind).outcome if key in task.result}
    return outcome


def _is_overdue(task: Task, now: datetime) -> bool:
    return task.limit_at is not None and (task.finished_at or now) > task.limit_at
