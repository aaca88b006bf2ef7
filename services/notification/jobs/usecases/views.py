"""Jobs as their makers may see them."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.notification.jobs.domain.job import STATE_LABELS, Job
from services.notification.jobs.domain.problems import TEXTS, Problem
from shared_components.kernel.bilingual import in_locale


@dataclass(frozen=True, slots=True)
class ProblemCountView:
    code: str
    text: str
    column: str | None
    count: int


@dataclass(frozen=True, slots=True)
class ProblemView:
    row: int | None
    column: str | None
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class JobView:
    """accepted: rows that have become messages."""

    job_id: str
    app: str
    state: str
    state_label: str
    channel: str
    template_code: str
    template_version: int
    locale: str
    reference: str | None
    hold: bool
    size: int
    rows: int | None
    accepted: int
    problem_count: int
    problem_counts: Sequence[ProblemCountView]
    created_at: datetime
    checked_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class StateCountView:
    state: str
    count: int


@dataclass(frozen=True, slots=True)
class JobDetailView:
    job: JobView
    messages: Sequence[StateCountView]


@dataclass(frozen=True, slots=True)
class NewJobView:
    """path: at the gateway; whoever knows it may use it once."""

    job: JobView
    path: str = field(repr=False)
    until: datetime


def job_view(job: Job, locale: str) -> JobView:
    return JobView(
        job_id=job.job_id, app=job.app, state=job.state, state_label=in_locale(STATE_LABELS[job.state], locale),
        channel=job.template.channel, template_code=job.template.code, template_version=job.template_version,
        locale=job.template.locale, reference=job.reference, hold=job.hold, size=job.size, rows=job.rows,
        accepted=job.accepted, problem_count=job.problem_count, problem_counts=[
            ProblemCountView(one.code, in_locale(TEXTS[one.code], locale), one.column, one.count)
            for one in job.problem_counts],
        created_at=job.created_at, checked_at=job.checked_at, finished_at=job.finished_at)


def job_detail_view(job: Job, states: Mapping[str, int], locale: str) -> JobDetailView:
    return JobDetailView(job_view(job, locale), [StateCountView(*one) for one in sorted(states.items())])


def problem_view(problem: Problem, locale: str) -> ProblemView:
    return ProblemView(problem.row, problem.column, problem.code, in_locale(TEXTS[problem.code], locale))
