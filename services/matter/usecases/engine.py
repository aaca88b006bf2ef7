"""The engine: claim in one short transaction, ask outside any, record in another.

Whatever dies in between, the task stays claimed until its lease ends; then it is asked again with the same operation
id, and the component answers what it answered before. A worker that comes back too late finds its claim gone.
"""
from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from services.matter.domain import states
from services.matter.domain.case import Task
from services.matter.domain.errors import CaseNotFound
from services.matter.domain.outcomes import Outcome, TryAgain, judge
from services.matter.domain.recording import record
from services.matter.usecases.case_progress import ChangeCaseTx, progress_of, save
from services.matter.usecases.kinds.kind import Kinds
from services.matter.usecases.kinds.work import Work
from shared_components.kernel.errors import AppError, Unavailable
from shared_components.kernel.ids import new_id

log = logging.getLogger(__name__)
SWEEP_LIMIT = 100
PUT_OFF = timedelta(hours=1)


class ComponentsFor(Protocol):
    def __call__(self, tenant: str, subject: str | None) -> Any:
        """The components that the kinds ask, in the name of a tenant and, where there is one, of a person."""
        ...


@dataclass(frozen=True, slots=True)
class DueTask:
    task_id: str
    case_id: str
    tenant: str


class DueTasks(Protocol):
    """The tasks that the engine has to look at, over all tenants."""

    def due(self, now: datetime, limit: int) -> Sequence[DueTask]: ...

    def put_off(self, task: DueTask, until: datetime) -> None:
        """Let no sweep take it up before; the task itself stays as it is."""
        ...


class EngineTx(ChangeCaseTx, Protocol):
    """The part of a transaction that the engine uses."""

    @property
    def due_tasks(self) -> DueTasks: ...


class EngineTransactions(Protocol):
    def begin(self, tenant: str | None = None) -> AbstractContextManager[EngineTx]:
        """tenant: None for the engine's own work over all tenants."""
        ...


def run_task(
    transactions: EngineTransactions, kinds: Kinds[Any], components_for: ComponentsFor, due: DueTask,
) -> bool:
    """Do one task, if it is still due. False when there was nothing to do."""
    work = _claim(transactions, components_for, due)
    if work is None:
        return False
    outcome = _ask(kinds, work)
    _record(transactions, work, outcome)
    return True


def sweep(transactions: EngineTransactions, kinds: Kinds[Any], components_for: ComponentsFor) -> int:
    """Do what is due and nobody does: retries, polls, and what a crash left behind. How many were done."""
    with transactions.begin() as tx:
        due = tx.due_tasks.due(tx.clock.now(), SWEEP_LIMIT)
    done = 0
    for task in due:
        try:
            done += run_task(transactions, kinds, components_for, task)
        except Unavailable as error:
            log.warning("matter.step.postponed", extra={"case_id": task.case_id, "code": error.code})
        except Exception as error:
            # One case that cannot be read or written must not hold up the others, nor be the first of every sweep.
            _put_off(transactions, task, error)
    return done


def _put_off(transactions: EngineTransactions, task: DueTask, error: Exception) -> None:
    facts = {"case_id": task.case_id, "code": error.code if isinstance(error, AppError) else type(error).__name__}
    log.error("matter.step.put_off", exc_info=None if isinstance(error, AppError) else error, extra=facts)
    try:
        with transactions.begin() as tx:
            tx.due_tasks.put_off(task, tx.clock.now() + PUT_OFF)
    except Exception as second:
        log.error("matter.step.not_put_off", exc_info=second, extra={"case_id": task.case_id})


def _claim(transactions: EngineTransactions, components_for: ComponentsFor, due: DueTask) -> Work[Any] | None:
    with transactions.begin(due.tenant) as tx:
        now = tx.clock.now()
        try:
            case = tx.cases.lock(due.tenant, due.case_id)
        except CaseNotFound:
            return None
        task = case.task(due.task_id)
        if task is None or not _is_due(task, now):
            return None
        _take(task, now, tx.engine.lease_s)
        tx.cases.save(case)
        definition = tx.definitions.version(case.tenant, case.matter_code, case.version)
        components = components_for(case.tenant, case.applicant_subject)
        return Work(case, task, definition, components, tx.engine, now)


def _is_due(task: Task, now: datetime) -> bool:
    wake_at = task.wake_at
    return wake_at is not None and wake_at <= now


def _take(task: Task, now: datetime, lease_s: float) -> None:
    if task.state == states.WAITING:
        task.move(states.READY)
    if task.state == states.READY:
        task.move(states.RUNNING)
    task.attempts += 1
    task.started_at = task.started_at or now
    task.claim = new_id("claim")
    task.lease_until = now + timedelta(seconds=lease_s)
    task.due_at = None


def _ask(kinds: Kinds[Any], work: Work[Any]) -> Outcome:
    """Every component is asked here and nowhere else; no transaction is open."""
    try:
        return kinds.run(work)
    except AppError as error:
        return judge(error, kinds.rules.setup_errors)
    except Exception:
        # A bug, or a reply that breaks its contract: the effect may be there, so it is asked again, then shown.
        log.exception("matter.step.broke", extra={"case_id": work.case.id, "step": work.task.name})
        return TryAgain(error={"category": "internal", "code": "internal", "message": "the step broke off"})


def _record(transactions: EngineTransactions, work: Work[Any], outcome: Outcome) -> None:
    with transactions.begin(work.case.tenant) as tx:
        case = tx.cases.lock(work.case.tenant, work.case.id)
        task = case.task(work.task.id)
        if task is None or task.claim != work.task.claim:
            log.warning("matter.step.outrun", extra={"case_id": case.id, "step": work.task.name})
            return
        progress = progress_of(tx, case)
        record(progress, task, outcome, tx.engine.retry)
        save(tx, progress)
