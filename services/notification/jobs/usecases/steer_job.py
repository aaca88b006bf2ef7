"""Pause, resume and cancel a job. Rows that have become messages go on: cancel takes one of those back."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from services.notification.jobs.domain.errors import JobNotInState
from services.notification.jobs.domain.job import CANCELLED, CHECKING, OPEN_STATES, PAUSED, SENDING, Job, move
from services.notification.jobs.usecases.ports import HasJobs
from services.notification.jobs.usecases.read_jobs import JobById
from services.notification.jobs.usecases.views import JobView, job_view
from shared_components.kernel.bilingual import Bilingual, listed_zh
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class SteerJobTx(HasClock, HasJobs, Protocol):
    """The part of a transaction that steering a job needs."""


def pause_job(tx: SteerJobTx, command: JobById, context: CallContext) -> JobView:
    """Once this is answered, no row becomes a message; a job that is being checked waits after its check.

    Raises JobUnknown, JobNotInState.
    """
    job = _locked(tx, command, context, PAUSED, [CHECKING, SENDING, PAUSED])
    paused = job if job.state == PAUSED else replace(job, hold=True) if job.state == CHECKING else move(
        job, PAUSED, tx.clock.now())
    tx.jobs.save(paused)
    return job_view(paused, context.locale)


def resume_job(tx: SteerJobTx, command: JobById, context: CallContext) -> JobView:
    """Raises JobUnknown, JobNotInState."""
    return _moved(tx, _locked(tx, command, context, SENDING, [PAUSED]), context, SENDING)


def cancel_job(tx: SteerJobTx, command: JobById, context: CallContext) -> JobView:
    """Once this is answered, no row becomes a message any more. Raises JobUnknown, JobNotInState."""
    return _moved(tx, _locked(tx, command, context, CANCELLED, OPEN_STATES), context, CANCELLED)


def _locked(
    tx: SteerJobTx, command: JobById, context: CallContext, target: str, sources: Sequence[str],
) -> Job:
    job = tx.jobs.lock_for(context, command.job_id)
    if job.state not in sources:
        raise JobNotInState(
            Bilingual(
                f"job {job.job_id} is {job.state!r}; only {list(sources)} can become {target!r}",
                f"批量任务 {job.job_id} 的状态为“{job.state}”；只有{listed_zh(sources)}可以变为“{target}”"),
            details={"state": job.state, "allowed": list(sources)})
    return job


def _moved(tx: SteerJobTx, job: Job, context: CallContext, target: str) -> JobView:
    moved = move(job, target, tx.clock.now())
    tx.jobs.save(moved)
    return job_view(moved, context.locale)
