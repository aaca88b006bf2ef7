"""Look at jobs: one, all of an app, and what is wrong with the file of one."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.notification.jobs.usecases.ports import HasJobs, JobFilter, Numbered
from services.notification.jobs.usecases.views import (
    JobDetailView,
    JobView,
    ProblemView,
    job_detail_view,
    job_view,
    problem_view,
)
from shared_components.kernel.errors import AppError
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList, PageView
from shared_components.security.authority.pages import read_pages

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call, CallContext

JOBS = PagedList[str]("notification.list_jobs", str)
PROBLEMS = PagedList[int]("notification.list_job_problems", int)


class MessagesOfJobs(Protocol):
    def states_of_job(self, job_id: str) -> Mapping[str, int]:
        """State → how many messages of the job are in it."""
        ...


class GetJobTx(HasJobs, Protocol):
    """The part of a transaction that reading a job needs."""

    @property
    def messages(self) -> MessagesOfJobs: ...


@dataclass(frozen=True, slots=True)
class JobById:
    job_id: str


@dataclass(frozen=True, slots=True)
class ListJobs:
    limit: int = DEFAULT_LIMIT
    after: str | None = None


@dataclass(frozen=True, slots=True)
class ListJobProblems:
    job_id: str
    limit: int = DEFAULT_LIMIT
    after: str | None = None


def get_job(tx: GetJobTx, command: JobById, context: CallContext) -> JobDetailView:
    """Raises JobUnknown."""
    (found,) = tx.jobs.read([(context, command.job_id)])
    if isinstance(found, AppError):
        raise found
    return job_detail_view(found, tx.messages.states_of_job(found.job_id), context.locale)


def list_jobs(tx: HasJobs, calls: Sequence[Call[ListJobs]]) -> list[PageView[JobView] | AppError]:
    """Give each call its page, newest first, or PageCursorInvalid."""
    return read_pages(
        calls, JOBS,
        lambda asked: tx.jobs.pages([(call.context, JobFilter(page.fetch, page.after)) for call, page in asked]),
        view=lambda job, context: job_view(job, context.locale), key=lambda job: job.job_id)


def list_job_problems(
    tx: HasJobs, calls: Sequence[Call[ListJobProblems]],
) -> list[PageView[ProblemView] | AppError]:
    """Give each call its page in the order of the file's rows, JobUnknown, or PageCursorInvalid."""
    found = tx.jobs.read([(call.context, call.data.job_id) for call in calls])
    seen = [call for call, job in zip(calls, found, strict=True) if not isinstance(job, AppError)]
    pages = iter(read_pages(
        seen, PROBLEMS,
        lambda asked: [list(tx.jobs.problems(call.data.job_id, page.after or 0, page.fetch)) for call, page in asked],
        view=lambda one, context: problem_view(one.problem, context.locale), key=_number))
    return [job if isinstance(job, AppError) else next(pages) for job in found]


def _number(one: Numbered) -> int:
    return one.number
