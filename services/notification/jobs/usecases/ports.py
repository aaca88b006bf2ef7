"""Jobs and their files, as use cases need them."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

from services.notification.jobs.domain.job import Job
from services.notification.jobs.domain.problems import Problem
from shared_components.kernel.errors import AppError

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


@dataclass(frozen=True, slots=True)
class JobFilter:
    """after: a job id, None from the newest."""

    limit: int
    after: str | None = None


class Numbered(NamedTuple):
    number: int
    problem: Problem


class Jobs(Protocol):
    def add(self, job: Job) -> None: ...

    def count_open_alone(self, tenant: str, app: str) -> int:
        """How many are not over; until this transaction ends, nobody else counts them so, and adds one."""
        ...

    def read(self, asked: Sequence[tuple[CallContext, str]]) -> list[Job | AppError]:
        """Give each call its job, or JobUnknown."""
        ...

    def lock_for(self, context: CallContext, job_id: str) -> Job:
        """Raises JobUnknown, also for a job that the call may not use."""
        ...

    def pages(self, asked: Sequence[tuple[CallContext, JobFilter]]) -> list[list[Job]]:
        """Give each call its jobs, newest first."""
        ...

    def problems(self, job_id: str, after: int, limit: int) -> Sequence[Numbered]: ...

    def by_ticket(self, digest: str) -> Job | None: ...

    def lock(self, job_id: str) -> Job:
        """Lock a job that is there, for a change."""
        ...

    def save(self, job: Job) -> None: ...


class HasJobs(Protocol):
    @property
    def jobs(self) -> Jobs: ...


class WorkedJobs(Protocol):
    """Jobs, for the work of the service itself."""

    def take(self, at: datetime, until: datetime) -> Job | None:
        """Take the job that has waited longest for work, and that nobody is at, or None."""
        ...

    def hold_on(self, job_id: str, until: datetime) -> None:
        """Stay at a job until then, or let it go."""
        ...

    def share(self, job_id: str) -> Job:
        """A job whose state nobody changes until this transaction ends; others may share it, too."""
        ...

    def lock(self, job_id: str) -> Job: ...

    def save(self, job: Job) -> None: ...

    def advance(self, job_id: str, accepted: int) -> None:
        """Note that so many rows have become messages, where fewer are noted."""
        ...

    def add_problems(self, job: Job, problems: Sequence[Problem]) -> None: ...

    def ended_with_file(self, late: datetime, limit: int) -> Sequence[Job]:
        """Jobs that are over and whose file is still there, and those whose file did not come before `late`."""
        ...

    def drop_file(self, job_id: str, at: datetime) -> None:
        """Note that the file is gone; a job that still awaits it is cancelled."""
        ...


class Files(Protocol):
    """The files of jobs in the store."""

    def pieces(self, job: Job) -> Iterator[bytes]:
        """Raises FileBroken where the store has no such content, and where the content does not open."""
        ...

    def remove(self, content_id: str) -> None: ...
