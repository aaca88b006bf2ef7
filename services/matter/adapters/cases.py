"""Cases in the database, with their tasks and timeline."""
from __future__ import annotations

import copy
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Select, func, or_, select, update
from sqlalchemy.orm import Session

from services.matter.adapters.field_encryption import FieldEncryption
from services.matter.adapters.rows import (
    case_values,
    form_value,
    line_values,
    task_values,
    to_case,
    to_entry,
    to_task,
)
from services.matter.adapters.tables import CASES, STEPS, TIMELINE
from services.matter.domain.case import Case, Task
from services.matter.domain.errors import unknown_case
from services.matter.domain.timeline import TimelineEntry
from services.matter.usecases.engine import DueTask
from services.matter.usecases.open_cases import OpenCase
from services.matter.usecases.read_cases import CaseFilter
from shared_components.db import insert_later, update_each
from shared_components.db.load_many import ByKey, Columns, Lists
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import StalePrecondition

WITHOUT_FORM = [column for column in CASES.c if column.name != "form"]
BY_ID = ByKey(CASES, "case_id")


def _newest_first(asked: Columns) -> Select[Any]:
    query = select(*WITHOUT_FORM).where(CASES.c.tenant_id == asked["tenant"])
    for name in ("applicant_subject", "matter_code", "state", "stuck"):
        if name in asked:
            query = query.where(CASES.c[name] == asked[name])
    if "app" in asked:
        query = query.where(or_(CASES.c.app == asked["app"], CASES.c.app == asked["app_before"]))
    if "after" in asked:
        query = query.where(CASES.c.case_id < asked["after"])
    return query.order_by(CASES.c.case_id.desc())


NEWEST_FIRST = Lists(_newest_first, stuck=Boolean())


def _filters(wanted: CaseFilter) -> dict[str, Any]:
    app, before = wanted.apps or (None, None)
    return {
        "tenant": wanted.tenant, "applicant_subject": wanted.applicant_subject, "matter_code": wanted.matter_code,
        "state": wanted.state, "stuck": wanted.stuck, "after": wanted.after, "app": app, "app_before": before,
    }


class SqlCases:
    """Remembers what it has read, so that a save writes only what has changed."""

    def __init__(self, session: Session, fields: FieldEncryption) -> None:
        self._session = session
        self._fields = fields
        self._read: dict[str, Case] = {}
        self._lines: dict[str, int] = {}

    def add(self, case: Case) -> None:
        values = case_values(case, self._fields) | {"form": form_value(case, self._fields)}
        insert_later(self._session, CASES, [values])
        self._remember(case)

    def get(self, tenant: str, case_id: str) -> Case:
        found = self.get_many([(tenant, case_id)])
        if not found:
            raise unknown_case(case_id)
        return found[tenant, case_id]

    def tenant_of(self, case_id: str) -> str:
        tenant = self._session.execute(select(CASES.c.tenant_id).where(CASES.c.case_id == case_id)).scalar()
        if tenant is None:
            raise unknown_case(case_id)
        return str(tenant)

    def lock(self, tenant: str, case_id: str) -> Case:
        found = self.lock_many([(tenant, case_id)])
        if not found:
            raise unknown_case(case_id)
        return found[case_id]

    def lock_many(self, wanted: Collection[tuple[str, str]]) -> dict[str, Case]:
        tenants = {case_id: tenant for tenant, case_id in wanted}
        # A case's row is locked first and always: whoever holds it may change all that belongs to the case. In one
        # order, so that two groups with the same cases never wait for each other.
        query = select(CASES).where(CASES.c.case_id.in_(tenants)).order_by(CASES.c.case_id).with_for_update()
        cases = [
            to_case(row, self._fields) for row in self._session.execute(query) if row.tenant_id == tenants[row.case_id]]
        ids = [case.id for case in cases]
        tasks = self._tasks(ids)
        self._lines.update(self._last_lines(ids))
        for case in cases:
            case.tasks = tasks.get(case.id, [])
            self._remember(case)
        return {case.id: case for case in cases}

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

    def find_many(self, wanted: Sequence[CaseFilter]) -> list[list[Case]]:
        rows = NEWEST_FIRST.find(self._session, [_filters(one) for one in wanted], [one.limit for one in wanted])
        tasks = self._tasks(sorted({row.case_id for of_one in rows for row in of_one}))
        return [[self._with_tasks(row, tasks) for row in of_one] for of_one in rows]

    def get_many(self, wanted: Collection[tuple[str, str]]) -> dict[tuple[str, str], Case]:
        rows = BY_ID.find(self._session, wanted)
        ids = sorted(row.case_id for row in rows.values())
        tasks, timelines = self._tasks(ids), self._timelines(ids)
        found = {}
        for row in rows.values():
            case = self._with_tasks(row, tasks)
            case.timeline = timelines.get(case.id, [])
            found[case.tenant, case.id] = case
        return found

    def _with_tasks(self, row: Any, tasks: Mapping[str, list[Task]]) -> Case:
        case = to_case(row, self._fields)
        case.tasks = tasks.get(case.id, [])
        return case

    def _timelines(self, case_ids: Sequence[str]) -> dict[str, list[TimelineEntry]]:
        found: dict[str, list[TimelineEntry]] = {}
        if case_ids:
            query = select(TIMELINE).where(TIMELINE.c.case_id.in_(case_ids))
            for line in self._session.execute(query.order_by(TIMELINE.c.case_id, TIMELINE.c.line_no)):
                found.setdefault(line.case_id, []).append(to_entry(line))
        return found

    def open_of(self, tenant: str, matter_code: str, applicant: str, object_key: str) -> Sequence[OpenCase]:
        query = select(CASES.c.case_id, CASES.c.open_slot).where(
            CASES.c.tenant_id == tenant, CASES.c.matter_code == matter_code, CASES.c.applicant_subject == applicant,
            CASES.c.object_key == object_key, CASES.c.open_slot.is_not(None),
        )
        rows = self._session.execute(query.order_by(CASES.c.case_id.desc()))
        return [OpenCase(row.case_id, row.open_slot) for row in rows]

    def _tasks(self, case_ids: Sequence[str]) -> dict[str, list[Task]]:
        found: dict[str, list[Task]] = {}
        if case_ids:
            query = select(STEPS).where(STEPS.c.case_id.in_(case_ids)).order_by(STEPS.c.step_id)
            for row in self._session.execute(query):
                found.setdefault(row.case_id, []).append(to_task(row, self._fields))
        return found

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
