"""Scheduled work: check files and accept rows, job by job, a little of each in turn."""
from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from time import monotonic
from typing import Protocol

from services.notification.jobs.domain.job import CHECKING, MOST_OPEN, REFUSED, SENDING, Job, move
from services.notification.jobs.domain.problems import Problem, Problems
from services.notification.jobs.domain.recipients_file import FileBroken
from services.notification.jobs.usecases.accept_rows import AcceptRowsTx, accept_rows
from services.notification.jobs.usecases.check_file import CheckFileTx, check_file
from services.notification.jobs.usecases.ports import Files
from shared_components.kernel.errors import AppError, Unavailable
from shared_components.kernel.transactions import Begins

log = logging.getLogger(__name__)

PLATFORM = "*"
RUN_S, SLICE_S = 20.0, 4.0
"""Time of a run, and of one job in it before it is the next one's turn."""
TAKEN = timedelta(seconds=30)
"""How long nobody else is at a job; whoever is renews it in time, and a process that died leaves it by then."""
RENEW_S = 10.0
PUT_OFF = timedelta(minutes=5)
LATE = timedelta(minutes=30)
"""How long after its ticket has run out a job without a file is cancelled: an upload may be under way."""


class RunJobsTx(AcceptRowsTx, CheckFileTx, Protocol):
    """The part of a transaction that a run needs."""


def run_jobs(transactions: Begins[RunJobsTx], files: Files, breathe: Callable[[], None] = lambda: None) -> int:
    """Work at jobs while there is time; gives how often one was taken. One bad job stops no other."""
    until, taken = monotonic() + RUN_S, 0
    while monotonic() < until:
        with transactions.begin(PLATFORM) as tx:
            job = tx.jobs.take(tx.clock.now(), tx.clock.now() + TAKEN)
        if job is None:
            break
        taken += 1
        _let_go(transactions, job, _work(transactions, files, job, breathe))
    return taken


def _work(transactions: Begins[RunJobsTx], files: Files, job: Job, breathe: Callable[[], None]) -> timedelta:
    """Work at a job for its slice; gives how long it is then left alone."""
    hold = _Holder(transactions, job, breathe)
    try:
        if job.state == CHECKING:
            check_file(transactions, files, job, hold.breathe)
            return timedelta(0)
        return timedelta(0) if accept_rows(transactions, files, job, hold.goes_on) else timedelta(seconds=1)
    except FileBroken as broken:
        _refuse(transactions, job, Problem(broken.code, broken.row))
        return timedelta(0)
    except Unavailable:
        raise  # the database: it would fail for the next one too
    except Exception as error:
        code = error.code if isinstance(error, AppError) else type(error).__name__
        log.error("notification.job.put_off", exc_info=None if isinstance(error, AppError) else error, extra={
            "job_id": job.job_id, "code": code})
        return PUT_OFF


class _Holder:
    """Lets other work of the process go on, and renews the hold on a job."""

    def __init__(self, transactions: Begins[RunJobsTx], job: Job, breathe: Callable[[], None]) -> None:
        self._transactions, self._job, self._breathe = transactions, job, breathe
        self._began = self._renewed = monotonic()

    def breathe(self) -> None:
        self._breathe()
        if monotonic() - self._renewed > RENEW_S:
            self._renewed = monotonic()
            with self._transactions.begin(self._job.tenant) as tx:
                tx.jobs.hold_on(self._job.job_id, tx.clock.now() + TAKEN)

    def goes_on(self) -> bool:
        self.breathe()
        return monotonic() - self._began < SLICE_S


def _let_go(transactions: Begins[RunJobsTx], job: Job, wait: timedelta) -> None:
    with transactions.begin(job.tenant) as tx:
        tx.jobs.hold_on(job.job_id, tx.clock.now() + wait)


def _refuse(transactions: Begins[RunJobsTx], job: Job, problem: Problem) -> None:
    """A file that is gone, or no longer what was checked: rows that have become messages stay."""
    with transactions.begin(job.tenant) as tx:
        now = tx.jobs.lock(job.job_id)
        if now.state not in (CHECKING, SENDING):
            return
        problems = Problems()
        problems.add(problem)
        tx.jobs.save(replace(
            move(now, REFUSED, tx.clock.now()), problem_count=problems.total, problem_counts=problems.counted()))
        tx.jobs.add_problems(job, problems.kept)


def drop_files(transactions: Begins[RunJobsTx], files: Files) -> int:
    """Remove the files of jobs that are over, and cancel jobs whose file never came; gives how many."""
    with transactions.begin(PLATFORM) as tx:
        ended = tx.jobs.ended_with_file(tx.clock.now() - LATE, MOST_OPEN)
    for job in ended:
        files.remove(job.content_id or "")
        with transactions.begin(job.tenant) as tx:
            tx.jobs.drop_file(job.job_id, tx.clock.now())
    return len(ended)
