"""The engine: claim in one short transaction, ask outside any, record in another; each for many tasks at once.

Whatever dies in between, a task stays claimed until its lease ends; then it is asked again with the same operation id,
and the component answers what it answered before. A worker that comes back too late finds its claim gone.
"""
from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from services.matter.cases.domain import states
from services.matter.cases.domain.case import Case, Task
from services.matter.cases.domain.outcomes import Outcome, TryAgain, judge
from services.matter.cases.domain.recording import record
from services.matter.cases.usecases.case_progress import CasesInGroups, ProgressTx, progress_of, save_all
from services.matter.cases.usecases.kind import Kinds
from services.matter.cases.usecases.work import Work
from shared_components.kernel.errors import AppError, Unavailable
from shared_components.kernel.ids import new_id
from shared_components.kernel.transactions import HasEvents

log = logging.getLogger(__name__)
SWEEP_LIMIT = 100
PUT_OFF = timedelta(hours=1)

Asked = Iterable[list[tuple[Work[Any], Outcome]]]
AskAll = Callable[[Callable[[Work[Any]], Outcome], Sequence[Work[Any]]], Asked]
"""Asks for several works, at once where that is possible, and gives those that are done together."""


class ComponentsFor(Protocol):
    def __call__(self, tenant: str) -> Any:
        """The components that the kinds ask, in the name of a tenant and of no person."""
        ...


@dataclass(frozen=True, slots=True)
class DueTask:
    """traceparent: of the event that told of it."""

    task_id: str
    case_id: str
    tenant: str
    traceparent: str | None = None


class DueTasks(Protocol):
    """The tasks that the engine has to look at, over all tenants."""

    def due(self, now: datetime, limit: int) -> Sequence[DueTask]: ...

    def put_off(self, task: DueTask, until: datetime) -> None:
        """Let no sweep take it up before; the task itself stays as it is."""
        ...


class EngineTx(HasEvents, ProgressTx, Protocol):
    """The part of a transaction that the engine uses."""

    @property
    def cases(self) -> CasesInGroups: ...

    @property
    def due_tasks(self) -> DueTasks: ...


class EngineTransactions(Protocol):
    def begin(self) -> AbstractContextManager[EngineTx]:
        """Over all tenants."""
        ...

    def begin_for(self, tenants: Collection[str]) -> AbstractContextManager[EngineTx]:
        """Over the rows of these tenants."""
        ...


@dataclass(frozen=True, slots=True)
class Engine:
    """components_for: by tenant."""

    transactions: EngineTransactions
    kinds: Kinds[Any]
    components_for: ComponentsFor
    ask_all: AskAll


def run_tasks(engine: Engine, due: Sequence[DueTask]) -> int:
    """Do the tasks that are still due; gives how many. What is done first is recorded first.

    Raises when the group's cases cannot be read or written; those that are claimed by then wait for the sweep.
    """
    works = _claim(engine, due)
    for done in engine.ask_all(partial(_ask, engine.kinds), works):
        _record(engine.transactions, done)
    return len(works)


def sweep(engine: Engine) -> int:
    """Do what is due and nobody does: retries, polls, and what a crash left behind. How many were done."""
    with engine.transactions.begin() as tx:
        due = tx.due_tasks.due(tx.clock.now(), SWEEP_LIMIT)
    return _run_in_parts(engine, due)


def _run_in_parts(engine: Engine, due: Sequence[DueTask]) -> int:
    """Do all as one group. When that fails, divide it until the task that cannot be done is found."""
    if not due:
        return 0
    try:
        return run_tasks(engine, due)
    except Unavailable as error:
        if len(due) == 1:
            log.warning("matter.step.postponed", extra={"case_id": due[0].case_id, "code": error.code})
            return 0
    except Exception as error:
        if len(due) == 1:
            # One case that cannot be read or written must not hold up the others, nor be the first of every sweep.
            _put_off(engine.transactions, due[0], error)
            return 0
    half = len(due) // 2
    return _run_in_parts(engine, due[:half]) + _run_in_parts(engine, due[half:])


def _put_off(transactions: EngineTransactions, task: DueTask, error: Exception) -> None:
    facts = {"case_id": task.case_id, "code": error.code if isinstance(error, AppError) else type(error).__name__}
    log.error("matter.step.put_off", exc_info=None if isinstance(error, AppError) else error, extra=facts)
    try:
        with transactions.begin() as tx:
            tx.due_tasks.put_off(task, tx.clock.now() + PUT_OFF)
    except Exception as second:
        log.error("matter.step.not_put_off", exc_info=second, extra={"case_id": task.case_id})


def _claim(engine: Engine, due: Sequence[DueTask]) -> list[Work[Any]]:
    if not due:
        return []
    wanted = {task.task_id: task.traceparent for task in due}
    works: list[Work[Any]] = []
    with engine.transactions.begin_for({task.tenant for task in due}) as tx:
        now = tx.clock.now()
        cases = tx.cases.lock_many({(task.tenant, task.case_id) for task in due})
        for case in cases.values():
            tasks = [task for task in case.tasks if task.id in wanted and _is_due(task, now)]
            works += _works(engine, tx, case, tasks, wanted, now)
        taken = {work.case.id for work in works}
        tx.cases.save_many([case for case_id, case in cases.items() if case_id in taken])
    return works


def _works(
    engine: Engine, tx: EngineTx, case: Case, tasks: Sequence[Task], traces: Mapping[str, str | None], now: datetime,
) -> list[Work[Any]]:
    if not tasks:
        return []
    for task in tasks:
        _take(task, now, tx.engine.lease_s)
    definition = tx.definitions.version(case.tenant, case.matter_code, case.version)
    components = engine.components_for(case.tenant)
    return [Work(case, task, definition, components, tx.engine, now, traces[task.id]) for task in tasks]


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


def _record(transactions: EngineTransactions, done: Sequence[tuple[Work[Any], Outcome]]) -> None:
    with transactions.begin_for({work.case.tenant for work, _ in done}) as tx:
        cases = tx.cases.lock_many({(work.case.tenant, work.case.id) for work, _ in done})
        progress = {case.id: progress_of(tx, case) for case in cases.values()}
        changed: dict[str, str | None] = {}
        for work, outcome in done:
            case = cases.get(work.case.id)
            task = case.task(work.task.id) if case is not None else None
            if task is None or task.claim != work.task.claim:
                log.warning("matter.step.outrun", extra={"case_id": work.case.id, "step": work.task.name})
                continue
            record(progress[work.case.id], task, outcome, tx.engine.retry)
            changed[work.case.id] = work.traceparent
        save_all(tx, [one for case_id, one in progress.items() if case_id in changed], changed)
