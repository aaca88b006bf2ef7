"""Matters and cases as callers may see them."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from services.matter.domain import states
from services.matter.domain.case import COMPENSATION, NOTICE, STEP, Case, Task
from services.matter.domain.definition import Step
from services.matter.domain.definition.published import Published
from services.matter.domain.kind_rules import Rules
from services.matter.domain.problems import LinedProblem
from services.matter.domain.timeline import TimelineEntry
from shared_components.kernel.bilingual import in_locale

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterView:
    matter_code: str
    version: int
    item_code: str
    title_zh: str
    title_en: str
    department_code: str
    department_name: str
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedView(MatterView):
    warnings: Sequence[LinedProblem]


@dataclass(frozen=True, slots=True)
class GuideStepView:
    step: str
    kind: str
    title_zh: str
    title_en: str
    after: Sequence[str]
    optional: bool
    limit_working_days: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideView(MatterView):
    applicant_kinds: Sequence[str]
    applicant_level: int
    guide: Mapping[str, Any]
    form: Mapping[str, Any]
    steps: Sequence[GuideStepView]


@dataclass(frozen=True, slots=True)
class BootstrappedView:
    """definitions: each as {matter_code, version}."""

    definitions: Sequence[Mapping[str, Any]]
    templates: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSummaryView:
    """Replies to changes are kept as they are, so nothing personal may stand in them."""

    case_id: str
    matter_code: str
    version: int
    applicant_subject: str
    state: str
    state_label: str
    stuck: bool
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
class CaseView(CaseSummaryView):
    form: Mapping[str, Any] = field(repr=False)
    steps: Sequence[TaskView]
    compensations: Sequence[TaskView]
    notices: Sequence[TaskView]
    timeline: Sequence[TimelineLineView]
    outcome: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ChosenChannelView:
    case_id: str
    step: str
    state: str
    channel: str
    pay_url: str


@dataclass(frozen=True, slots=True)
class CallbackTakenView:
    case_id: str
    step: str
    state: str


def locale_of(context: CallContext) -> str:
    """The reader's language, of the two that texts exist in."""
    return "zh-CN" if context.locale.startswith("zh") else "en"


def matter_view(published: Published) -> MatterView:
    return MatterView(**_matter(published))


def published_view(published: Published, warnings: Sequence[LinedProblem]) -> PublishedView:
    return PublishedView(**_matter(published), warnings=warnings)


def guide_view(published: Published) -> GuideView:
    definition = published.definition
    return GuideView(
        **_matter(published),
        applicant_kinds=definition.applicant_kinds,
        applicant_level=definition.applicant_level,
        guide=definition.data["guide"],
        form=definition.form,
        steps=[_guide_step(step) for step in definition.steps],
    )


def _matter(published: Published) -> dict[str, Any]:
    definition = published.definition
    return {
        "matter_code": definition.matter_code,
        "version": definition.version,
        "item_code": definition.item_code,
        "title_zh": definition.title.zh,
        "title_en": definition.title.en,
        "department_code": definition.department_code,
        "department_name": definition.department_name.zh,
        "published_at": published.published_at,
    }


def _guide_step(step: Step) -> GuideStepView:
    return GuideStepView(
        step=step.name, kind=step.kind, title_zh=step.title.zh, title_en=step.title.en, after=step.after,
        optional=step.optional or step.when is not None, limit_working_days=step.limit_working_days,
    )


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
    )


def _summary(case: Case, locale: str, now: datetime) -> dict[str, Any]:
    return {
        "case_id": case.id,
        "matter_code": case.matter_code,
        "version": case.version,
        "applicant_subject": case.applicant_subject,
        "state": case.state,
        "state_label": in_locale(states.CASE_LABELS[case.state], locale),
        "stuck": case.is_stuck,
        "overdue": any(_is_overdue(task, now) for task in case.tasks),
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
    if case.state == states.COMPLETED:
        for task in case.by_role(STEP):
            outcome |= {key: task.result[key] for key in rules.of(task.kind).outcome if key in task.result}
    return outcome


def _is_overdue(task: Task, now: datetime) -> bool:
    return task.limit_at is not None and (task.finished_at or now) > task.limit_at
