"""Cases in the database, with their tasks and timeline."""
from __future__ import annotations

import copy
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, tuple_, update
from sqlalchemy.orm import Session

from services.matter.cases.adapters.field_encryption import FieldEncryption
from services.matter.cases.adapters.finding import BY_ID, NEWEST_FIRST, TASK_ORDER, children
from services.matter.cases.adapters.rows import (
    CaseRecord,
    case_facts,
    case_values,
    form_value,
    id_of_record,
    line_values,
    open_record,
    record_facts,
    task_values,
)
from services.matter.cases.adapters.tables import CASES, STEPS, TIMELINE
from services.matter.cases.domain.case import Case
from services.matter.cases.domain.errors import CaseNotFound, not_covered, unknown_case
from services.matter.cases.usecases.engine import DueTask
from services.matter.cases.usecases.open_cases import OpenCase, Place
from services.matter.cases.usecases.read_cases import CaseFilter
from shared_components.db import insert_later, update_each
from shared_components.db.load_many import Reading, load_lists, load_many, open_found
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import AppError, StalePrecondition
from shared_components.kernel.outcomes import attempt, only
from shared_components.security.authority import Sealed
from shared_components.security.authority.opening import open_row, work_in
from shared_components.security.authority.search import search, searched_tenant

SERVICE = "matter"
FACTS = (CASES.c.tenant_id, CASES.c.applicant_subject, CASES.c.app, CASES.c.matter_code)
PLACE = (CASES.c.tenant_id, CASES.c.matter_code, CASES.c.applicant_subject, CASES.c.object_key)
OPEN_CASE = Reading(record_facts, id_of_record)


class SqlCases:
    """Remembers what it has read, so that a save writes only what has changed."""

    def __init__(self, session: Session, fields: FieldEncryption) -> None:
        self._session = session
        self._fields = fields
        self._read: dict[str, Case] = {}
        self._lines: dict[str, int] = {}
        self._reading = Reading(record_facts, self._open)

    def add(self, new: Sequence[tuple[CallContext, Case]]) -> list[Case | AppError]:
        outcomes = [attempt(_covered, context, case) for context, case in new]
        cases = [case for case in outcomes if not isinstance(case, AppError)]
        insert_later(self._session, CASES, [
            case_values(case, self._fields) | {"form": form_value(case, self._fields)} for case in cases])
        for case in cases:
            self._remember(case)
        return outcomes

    def read(self, asked: Sequence[tuple[CallContext, str]]) -> list[Case | AppError]:
        found = load_many(self._session, BY_ID, asked, self._reading, CaseNotFound)
        # The id that was asked for stands in the error.
        return [unknown_case(case_id) if isinstance(one, CaseNotFound) else one
                for (_, case_id), one in zip(asked, found, strict=True)]

    def pages(self, asked: Sequence[tuple[CallContext, CaseFilter]]) -> list[list[Case]]:
        return load_lists(self._session, NEWEST_FIRST, [
            (context, {
                "applicant_subject": wanted.applicant_subject, "matter_code": wanted.matter_code,
                "state": wanted.state, "stuck": wanted.stuck, "maker": search(context).maker, "before": wanted.after,
            }, wanted.limit)
            for context, wanted in asked], self._reading)

    def tenants_of(self, case_ids: Collection[str]) -> dict[str, str]:
        if not case_ids:
            return {}
        query = select(CASES.c.case_id, CASES.c.tenant_id).where(CASES.c.case_id.in_(sorted(case_ids)))
        return {row.case_id: row.tenant_id for row in self._session.execute(query)}

    def lock(self, context: CallContext, case_id: str) -> Case:
        return only(self.lock_each([(context, case_id)]))

    def lock_each(self, asked: Sequence[tuple[CallContext, str]]) -> list[Case | AppError]:
        records = self._locked({(searched_tenant(context), case_id) for context, case_id in asked})
        opened: dict[str, Case] = {}
        return [attempt(self._for_call, context, case_id, records, opened) for context, case_id in asked]

    def _for_call(
        self, context: CallContext, case_id: str, records: Mapping[str, CaseRecord], opened: dict[str, Case],
    ) -> Case:
        record = records.get(case_id)
        if record is not None and record.row.tenant_id != searched_tenant(context):
            record = None

        def opening() -> Case:
            if case_id not in opened:
                opened[case_id] = self._hold(self._open(records[case_id]))
            return opened[case_id]

        sealed = None if record is None else Sealed(record_facts(record), opening)
        return open_found(context, sealed, unknown_case(case_id))

    def lock_for_work(self, tenant: str, case_id: str) -> Case:
        return self.lock(work_in(tenant, SERVICE), case_id)

    def lock_many(self, wanted: Collection[tuple[str, str]]) -> dict[str, Case]:
        cases = {}
        for case_id, record in self._locked(wanted).items():
            case = open_row(work_in(record.row.tenant_id, SERVICE), self._reading.seal(record))
            if case is not None:
                cases[case_id] = self._hold(case)
        return cases

    def _locked(self, wanted: Collection[tuple[str, str]]) -> dict[str, CaseRecord]:
        """Lock cases by (tenant, case id); their timelines are not read."""
        if not wanted:
            return {}
        # A case's row is locked first and always: whoever holds it may change all that belongs to the case. In one
        # order, so that two groups with the same cases never wait for each other.
        query = select(CASES).where(tuple_(CASES.c.tenant_id, CASES.c.case_id).in_(sorted(wanted)))
        query = query.order_by(CASES.c.case_id).with_for_update()
        rows = list(self._session.execute(query))
        ids = [row.case_id for row in rows]
        tasks = children(self._session, STEPS, TASK_ORDER, ids)
        self._lines.update(self._last_lines(ids))
        return {row.case_id: CaseRecord(row, tasks.get(row.case_id, ())) for row in rows}

    def _hold(self, case: Case) -> Case:
        self._remember(case)
        return case

    def _open(self, record: CaseRecord) -> Case:
        return open_record(record, self._fields)

    def save(self, case: Case) -> None:
        self.save_many([case])

    def save_many(self, cases: Sequence[Case]) -> None:
        before = {case.id: self._read[case.id] for case in cases}
        for case in cases:
            case.revision += 1
        rows = [case_values(case, self._fields) | {"was": before[case.id].revision} for case in cases]
        found = update_each(self._session, CASES, rows, key=("case_id",), still={"revision": "was"})
        if found != len(rows):
            left = len(rows) - found
            raise StalePrecondition(Bilingual(
                f"{left} cases were changed by somebody else since they were read; do it again",
                f"有 {left} 个办件已被他人更改；请重新办理"))
        update_each(self._session, CASES, [
            {"case_id": case.id, "form": form_value(case, self._fields)}
            for case in cases if case.form != before[case.id].form], key=("case_id",))
        self._save_tasks(cases, before)
        self._save_timelines(cases, before)
        for case in cases:
            self._remember(case)

    def open_at(self, asked: Sequence[tuple[CallContext, Place]]) -> list[Sequence[OpenCase]]:
        if not asked:
            return []
        there: dict[Place, list[Any]] = {}
        query = select(*FACTS, CASES.c.object_key, CASES.c.case_id, CASES.c.open_slot).where(
            tuple_(*PLACE).in_(sorted({place for _, place in asked})), CASES.c.open_slot.is_not(None))
        for row in self._session.execute(query.order_by(CASES.c.case_id.desc())):
            there.setdefault(
                Place(row.tenant_id, row.matter_code, row.applicant_subject, row.object_key), []).append(row)
        return [
            [OpenCase(open_row(context, OPEN_CASE.seal(CaseRecord(row))), row.open_slot)
             for row in there.get(place, ())]
            for context, place in asked]

    def _last_lines(self, case_ids: Sequence[str]) -> dict[str, int]:
        """The number of the last line of each timeline; a locked case holds new lines only."""
        if not case_ids:
            return {}
        last = select(TIMELINE.c.case_id, func.max(TIMELINE.c.line_no).label("last"))
        rows = self._session.execute(last.where(TIMELINE.c.case_id.in_(case_ids)).group_by(TIMELINE.c.case_id))
        return {row.case_id: row.last for row in rows}

    def _save_tasks(self, cases: Sequence[Case], before: Mapping[str, Case]) -> None:
        new, changed = [], []
        for case in cases:
            known = {task.id: task for task in before[case.id].tasks}
            new += [task_values(task, case, self._fields) for task in case.tasks if task.id not in known]
            changed += [
                task_values(task, case, self._fields) for task in case.tasks
                if task.id in known and task != known[task.id]]
        update_each(self._session, STEPS, changed, key=("step_id",))
        insert_later(self._session, STEPS, new)

    def _save_timelines(self, cases: Sequence[Case], before: Mapping[str, Case]) -> None:
        rows = []
        for case in cases:
            for line in case.timeline[len(before[case.id].timeline):]:
                self._lines[case.id] = self._lines.get(case.id, 0) + 1
                rows.append(line_values(line, case, self._lines[case.id]))
        insert_later(self._session, TIMELINE, rows)

    def _remember(self, case: Case) -> None:
        # Shallow copies: the domain replaces a task's dictionaries and never changes one in place.
        remembered = copy.copy(case)
        remembered.tasks = [copy.copy(task) for task in case.tasks]
        remembered.timeline = list(case.timeline)
        self._read[case.id] = remembered


def _covered(context: CallContext, case: Case) -> Case:
    if open_row(context, Sealed(case_facts(case), lambda: case)) is None:
        raise not_covered(case.matter_code)
    return case


class SqlDueTasks:
    def __init__(self, session: Session) -> None:
        self._session = session

    def due(self, now: datetime, limit: int) -> Sequence[DueTask]:
        query = (
            select(STEPS.c.step_id, STEPS.c.case_id, STEPS.c.tenant_id)
            .where(STEPS.c.wake_at <= now).order_by(STEPS.c.wake_at).limit(limit)
        )
        return [DueTask(row.step_id, row.case_id, row.tenant_id) for row in self._session.execute(query)]

    def put_off(self, task: DueTask, until: datetime) -> None:
        mine = update(STEPS).where(STEPS.c.step_id == task.task_id, STEPS.c.wake_at.is_not(None))
        self._session.execute(mine.values(wake_at=until))
