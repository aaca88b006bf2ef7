"""matter's transactions in memory: every transaction works on copies, and a block that raises changes nothing."""
from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.matter.cases.adapters.rows import case_facts
from services.matter.cases.domain import states
from services.matter.cases.domain.case import Case
from services.matter.cases.domain.documents import PlannedDocument
from services.matter.cases.domain.engine_settings import EngineSettings
from services.matter.cases.domain.errors import not_covered, unknown_case
from services.matter.cases.domain.recording import RetryPolicy
from services.matter.cases.usecases.at_once import Claimed
from services.matter.cases.usecases.engine import DueTask
from services.matter.cases.usecases.open_cases import OpenCase, Place
from services.matter.cases.usecases.read_cases import CaseFilter
from services.matter.definitions.domain.errors import MatterNotFound
from services.matter.definitions.domain.kind_rules import Rules
from services.matter.definitions.domain.model import Definition
from services.matter.definitions.domain.published import Published
from services.matter.kinds.callback.signed import CallbackKey as SignedKey
from services.matter.kinds.callback.signed import CallbackRecord
from services.matter.kinds.registry import KINDS
from services.matter.steps.adapters.callbacks import CallbackKey, HmacCallbacks
from services.matter.tasks.usecases.list_tasks import TaskFilter
from shared_components.db.load_many import open_found
from shared_components.kernel.calls import CallContext
from shared_components.kernel.clock import FixedClock
from shared_components.kernel.errors import AppError
from shared_components.kernel.evidence import Fact
from shared_components.kernel.outcomes import attempt
from shared_components.kernel.working_days import WorkingCalendar
from shared_components.security.authority import Sealed
from shared_components.security.authority.opening import open_row, work_in

CALLBACK_KEYS = {
    "hospital-1": CallbackKey("hospital", b"synthetic-hospital-key"),
    "court-1": CallbackKey("court", b"synthetic-court-key"),
    "clinic-1": CallbackKey("hospital", b"synthetic-clinic-key", frozenset({"other"})),
}


MOST_AT_ONCE = 256


@dataclass
class Tables:
    definitions: dict[tuple[str, str, int], Published] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    callbacks: dict[tuple[str, str, str], CallbackRecord] = field(default_factory=dict)
    outbox: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    traces: list[str | None] = field(default_factory=list)
    evidence: list[tuple[str, str, str | None]] = field(default_factory=list)
    documents: list[PlannedDocument] = field(default_factory=list)


class MemoryDefinitions:
    def __init__(self, tables: Tables) -> None:
        self._rows = tables.definitions

    def latest(self, tenant: str, matter_code: str) -> Published | None:
        found = [row for (t, code, _), row in self._rows.items() if (t, code) == (tenant, matter_code)]
        return max(found, key=lambda row: row.definition.version, default=None)

    latest_alone = latest

    def version(self, tenant: str, matter_code: str, version: int) -> Definition:
        row = self._rows.get((tenant, matter_code, version))
        if row is None:
            raise MatterNotFound
        return row.definition

    def add(self, tenant: str, published: Published) -> None:
        definition = published.definition
        self._rows[(tenant, definition.matter_code, definition.version)] = published

    def list_latest(self, tenant: str, *, after: str | None, limit: int) -> Sequence[Published]:
        codes = sorted({code for t, code, _ in self._rows if t == tenant and (after is None or code > after)})[:limit]
        return [row for code in codes if (row := self.latest(tenant, code)) is not None]


def _sealed(case: Case) -> Sealed[Case]:
    return Sealed(case_facts(case), lambda: copy.deepcopy(case))


def _open(context: CallContext, case: Case) -> Case | None:
    return open_row(context, _sealed(case))


class MemoryCases:
    def __init__(self, tables: Tables) -> None:
        self._rows = tables.cases

    def add(self, new: Sequence[tuple[CallContext, Case]]) -> list[Case | AppError]:
        return [attempt(self._add, context, case) for context, case in new]

    def _add(self, context: CallContext, case: Case) -> Case:
        if _open(context, case) is None:
            raise not_covered(case.matter_code)
        self._rows[case.id] = copy.deepcopy(case)
        return case

    def read(self, asked: Sequence[tuple[CallContext, str]]) -> list[Case | AppError]:
        return [attempt(self.lock, context, case_id) for context, case_id in asked]

    def lock(self, context: CallContext, case_id: str) -> Case:
        case = self._rows.get(case_id)
        return open_found(context, None if case is None else _sealed(case), unknown_case(case_id))

    def lock_each(self, asked: Sequence[tuple[CallContext, str]]) -> list[Case | AppError]:
        locked: dict[str, Case] = {}
        outcomes = [attempt(self.lock, context, case_id) for context, case_id in asked]
        return [one if isinstance(one, AppError) else locked.setdefault(one.id, one) for one in outcomes]

    def lock_for_work(self, tenant: str, case_id: str) -> Case:
        return self.lock(work_in(tenant, "matter"), case_id)

    def lock_many(self, wanted: Collection[tuple[str, str]]) -> dict[str, Case]:
        found = {case_id: self._rows[case_id] for _, case_id in sorted(wanted) if case_id in self._rows}
        tenants = {case_id: tenant for tenant, case_id in wanted}
        return {case_id: copy.deepcopy(case) for case_id, case in found.items() if case.tenant == tenants[case_id]}

    def tenants_of(self, case_ids: Collection[str]) -> dict[str, str]:
        return {case_id: self._rows[case_id].tenant for case_id in case_ids if case_id in self._rows}

    def save(self, case: Case) -> None:
        case.revision += 1
        self._rows[case.id] = copy.deepcopy(case)

    def save_many(self, cases: Sequence[Case]) -> None:
        for case in cases:
            self.save(case)

    def open_at(self, asked: Sequence[tuple[CallContext, Place]]) -> list[Sequence[OpenCase]]:
        return [self._open_at(context, place) for context, place in asked]

    def _open_at(self, context: CallContext, wanted: Place) -> Sequence[OpenCase]:
        found = [
            case for case in self._rows.values()
            if (case.tenant, case.matter_code, case.applicant_subject, case.object_key) == wanted
            and case.open_slot is not None
        ]
        return [
            OpenCase(None if (seen := _open(context, case)) is None else seen.id, case.open_slot or 0)
            for case in sorted(found, key=lambda case: case.id, reverse=True)]

    def pages(self, asked: Sequence[tuple[CallContext, CaseFilter]]) -> list[list[Case]]:
        """Open every case there is for each call: slow, and obviously right."""
        return [self._page(context, wanted) for context, wanted in asked]

    def _page(self, context: CallContext, wanted: CaseFilter) -> list[Case]:
        seen = [_open(context, case) for case in self._rows.values()]
        found = [case for case in seen if case is not None and _fits(case, wanted)]
        return sorted(found, key=lambda case: case.id, reverse=True)[: wanted.limit]


def _fits(case: Case, wanted: CaseFilter) -> bool:
    return (
        wanted.applicant_subject in (None, case.applicant_subject)
        and wanted.matter_code in (None, case.matter_code)
        and wanted.state in (None, case.state)
        and wanted.stuck in (None, case.is_stuck)
        and (wanted.after is None or case.id < wanted.after)
    )


class MemoryDueTasks:
    def __init__(self, tables: Tables) -> None:
        self._rows = tables.cases

    def due(self, now: datetime, limit: int) -> Sequence[DueTask]:
        found = [
            (task.wake_at, DueTask(task.id, case.id, case.tenant))
            for case in self._rows.values() for task in case.tasks if task.wake_at and task.wake_at <= now
        ]
        return [task for _, task in sorted(found, key=lambda pair: pair[0])[:limit]]

    def put_off(self, task: DueTask, until: datetime) -> None:
        """Nothing: in memory a task is due by its own times."""


class MemoryMaterials:
    """Files are tried on a database; here nobody gives one."""

    def given_names(self, case_id: str) -> Collection[str]:
        return ()


class MemoryDocuments:
    """Plans of documents; numbers and files are tried on a database."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def plan(self, documents: Sequence[PlannedDocument]) -> None:
        self._tables.documents += documents


class MemoryClocks:
    def __init__(self, tables: Tables) -> None:
        self._rows = tables.cases

    def due(self, now: datetime, years: Collection[int], limit: int) -> Sequence[tuple[str, str]]:
        return [
            (case.tenant, case.id) for case in self._rows.values()
            if (case.look_at is not None and case.look_at <= now) or case.pending_year in years][:limit]


class MemoryWaitingTasks:
    def __init__(self, tables: Tables) -> None:
        self._rows = tables.cases

    def page(self, context: CallContext, wanted: TaskFilter) -> Sequence[tuple[Case, str]]:
        found = [
            (case, task) for row in self._rows.values() if (case := _open(context, row)) is not None
            for task in case.tasks if task.state == states.WAITING and task.desk in wanted.desks]
        kept = sorted(
            (task.id, case) for case, task in found
            if wanted.claimed_by in (None, task.claimed_by) and not (wanted.unclaimed and task.claimed_by)
            and wanted.matter_code in (None, case.matter_code) and (wanted.after is None or task.id > wanted.after))
        return [(case, step_id) for step_id, case in kept[: wanted.limit]]


class MemoryCallbacks:
    def __init__(self, tables: Tables) -> None:
        self._rows = tables.callbacks

    def find(self, wanted: Collection[SignedKey]) -> dict[SignedKey, CallbackRecord]:
        return {key: self._rows[key] for key in wanted if key in self._rows}

    def add(self, new: Mapping[SignedKey, CallbackRecord]) -> None:
        self._rows.update(new)


class MemoryEvents:
    def __init__(self, tables: Tables) -> None:
        self._rows, self._traces = tables.outbox, tables.traces

    def record(
        self, type: str, *, aggregate: str, tenant: str, data: Any, sequence: int = 0, traceparent: str | None = None,
    ) -> None:
        self._rows.append((type, tenant, dict(data)))
        self._traces.append(traceparent)


class MemoryAtOnce:
    """Claims of a process are told with the commit. room: 0 in a process that leaves all to the queue."""

    def __init__(self, room: int) -> None:
        self._room, self.begun = room, list[Claimed]()

    def room(self) -> int:
        return self._room - len(self.begun)

    def begin(self, claimed: Sequence[Claimed]) -> None:
        self.begun += claimed


class MemoryTransaction:
    def __init__(self, tables: Tables, clock: FixedClock, engine: EngineSettings, room: int) -> None:
        self.at_once = MemoryAtOnce(room)
        self.clock = clock
        self.engine = engine
        self.verify_callback = HmacCallbacks(CALLBACK_KEYS)
        self.definitions = MemoryDefinitions(tables)
        self.cases = MemoryCases(tables)
        self.due_tasks = MemoryDueTasks(tables)
        self.clocks = MemoryClocks(tables)
        self.waiting_tasks = MemoryWaitingTasks(tables)
        self.callbacks = MemoryCallbacks(tables)
        self.events = MemoryEvents(tables)
        self._evidence = tables.evidence
        self.materials = MemoryMaterials()
        self.documents = MemoryDocuments(tables)
        self.object_key = lambda tenant, kind, value: f"{tenant}/{kind}/{value}"

    def record_evidence(
        self, context: CallContext | None, *, owner: str, action: str, about: str, basis: str = "own",
        fields: Sequence[str] = (), case: str | None = None, details: Mapping[str, Fact] | None = None,
        values: Mapping[str, str | None] | None = None, cause: str | None = None,
    ) -> str:
        self._evidence.append((action, about, cause))
        return f"evr_{len(self._evidence)}"


class MemoryTransactions:
    """committed: what every later transaction sees. crash: called before and after each commit; it may raise.

    room: for tasks that are claimed where they come due; claimed: those of committed transactions.
    """

    crash: Callable[[str], None] = staticmethod(lambda when: None)

    def __init__(
        self, clock: FixedClock, *, stuck_after_attempts: int = 12, rules: Rules = KINDS.rules,
    ) -> None:
        self.clock = clock
        self.committed = Tables()
        self.engine = EngineSettings(rules, WorkingCalendar(), RetryPolicy(stuck_after_attempts))
        self.open = False
        self.room = MOST_AT_ONCE
        self.claimed: list[Claimed] = []

    @property
    def outbox(self) -> list[tuple[str, str, dict[str, Any]]]:
        """(type, tenant, data) of every event of a committed transaction."""
        return self.committed.outbox

    def begin_for(self, tenants: Collection[str]) -> AbstractContextManager[MemoryTransaction]:
        return self.begin()

    @contextmanager
    def begin(self, tenant: str | None = None) -> Iterator[MemoryTransaction]:
        tables = copy.copy(self.committed)
        for name in vars(tables):
            setattr(tables, name, copy.copy(getattr(tables, name)))
        self.open = True
        tx = MemoryTransaction(tables, self.clock, self.engine, self.room)
        try:
            yield tx
        finally:
            self.open = False
        self.crash("crash before commit")
        self.committed = tables
        self.crash("crash after commit")
        self.claimed += tx.at_once.begun
