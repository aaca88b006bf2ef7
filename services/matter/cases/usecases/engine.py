"""The engine: claim a task, ask outside any transaction, record in another; each for many tasks at once.

A task is claimed in the transaction that makes it due (at_once.py); by `run_tasks` where that process had no room, when
its time has come, or when the process that had it has ended.

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

from services.matter.cases.domain.case import Case, Task
from services.matter.cases.domain.claiming import claim
from services.matter.cases.domain.engine_settings import EngineSettings
from services.matter.cases.domain.outcomes import Outcome, TryAgain, judge
from services.matter.cases.domain.recording import record
from services.matter.cases.usecases.at_once import Claimed, claims
from services.matter.cases.usecases.case_progress import CasesInGroups, ProgressTx, progress_of, save_all
from services.matter.cases.usecases.kind import Kinds
from services.matter.cases.usecases.saving import SavingTx
from services.matter.cases.usecases.work import Work
from shared_components.kernel.errors import AppError, Unavailable

log = logging.getLogger(__name__)
SWEEP_LIMIT = 100
PUT_OFF = timedelta(hours=1)

Done = tuple[Work[Any], Outcome]
Asked = Iterable[list[Done]]
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


class EngineTx(SavingTx, ProgressTx, Protocol):
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
    settings: EngineSettings
    kinds: Kinds[Any]
    components_for: ComponentsFor
    ask_all: AskAll


def run_tasks(engine: Engine, due: Sequence[DueTask]) -> int:
    """Do the tasks that are still due; gives how many. What is done first is recorded first.

    Raises when the group's cases cannot be read or written; those that are claimed by then wait for the sweep.
    """
    claimed = _claim(engine, due)
    for done in ask(engine, claimed):
        record_together(engine.transactions, done)
    return len(claimed)


def ask(engine: Engine, claimed: Sequence[Claimed]) -> Asked:
    """Ask the components for all of them at once, and give what is done together."""
    return engine.ask_all(partial(_ask, engine.kinds), [_work(engine, one) for one in claimed])


def record_in_parts(transactions: EngineTransactions, done: Sequence[Done]) -> None:
    """Record all together. When that fails, divide them until the case that cannot be recorded is found.

    It keeps its claim: once that has ended, the sweep asks again with the same operation id.
    """
    try:
        record_together(transactions, done)
    except Exception as error:
        if len(done) == 1:
            facts = {"case_id": done[0][0].case.id, "code": _code(error)}
            log.error("matter.step.not_recorded", exc_info=None if isinstance(error, AppError) else error, extra=facts)
            return
        half = len(done) // 2
        record_in_parts(transactions, done[:half])
        record_in_parts(transactions, done[half:])


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
    facts = {"case_id": task.case_id, "code": _code(error)}
    log.error("matter.step.put_off", exc_info=None if isinstance(error, AppError) else error, extra=facts)
    try:
        with transactions.begin() as tx:
            tx.due_tasks.put_off(task, tx.clock.now() + PUT_OFF)
    except Exception as second:
        log.error("matter.step.not_put_off", exc_info=second, extra={"case_id": task.case_id})


def _code(error: Exception) -> str:
    return error.code if isinstance(error, AppError) else type(error).__name__


def _claim(engine: Engine, due: Sequence[DueTask]) -> list[Claimed]:
    if not due:
        return []
    wanted = {task.task_id: task.traceparent for task in due}
    claimed: list[Claimed] = []
    with engine.transactions.begin_for({task.tenant for task in due}) as tx:
        now = tx.clock.now()
        cases = tx.cases.lock_many({(task.tenant, task.case_id) for task in due})
        for case in cases.values():
            tasks = [task for task in case.tasks if task.id in wanted and _is_due(task, now)]
            claimed += _claim_in(tx, case, tasks, wanted, now)
        taken = {one.case.id for one in claimed}
        tx.cases.save_many([case for case_id, case in cases.items() if case_id in taken])
    return claimed


def _claim_in(
    tx: EngineTx, case: Case, tasks: Sequence[Task], traces: Mapping[str, str | None], now: datetime,
) -> list[Claimed]:
    if not tasks:
        return []
    for task in tasks:
        claim(task, now, tx.engine.lease_s)
    definition = tx.definitions.version(case.tenant, case.matter_code, case.version)
    return claims(case, tasks, definition, now, traces)


def _work(engine: Engine, one: Claimed) -> Work[Any]:
    components = engine.components_for(one.case.tenant)
    return Work(one.case, one.task, one.definition, components, engine.settings, one.at, one.traceparent)


def _is_due(task: Task, now: datetime) -> bool:
    wake_at = task.wake_at
    return wake_at is not None and wake_at <= now


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


def record_together(transactions: EngineTransactions, done: Sequence[Done]) -> None:
    """Record what came of these tasks in one transaction, and claim what follows.

    Raises when one of the cases cannot be read or written; nothing is recorded then.
    """
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
