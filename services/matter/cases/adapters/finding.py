"""Find cases for a group of calls: one statement each for cases, tasks and timelines."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Boolean, Select, Table, or_, select
from sqlalchemy.orm import Session

from services.matter.cases.adapters.rows import CaseRecord
from services.matter.cases.adapters.tables import CASES, STEPS, TIMELINE
from shared_components.db.load_many import ByKey, Columns, Lists, Place
from shared_components.db.subject_aliases import survivor_of
from shared_components.kernel.apps import BEFORE_APPS

WITHOUT_FORM = [column for column in CASES.c if column.name != "form"]
TASK_ORDER, LINE_ORDER = "step_id", "line_no"


def children(session: Session, table: Table, order: str, case_ids: Sequence[str]) -> dict[str, list[Any]]:
    """The rows of a table that belong to these cases, by case id."""
    found: dict[str, list[Any]] = {}
    if case_ids:
        query = select(table).where(table.c.case_id.in_(case_ids)).order_by(table.c[order])
        for row in session.execute(query):
            found.setdefault(row.case_id, []).append(row)
    return found


class WholeCases(ByKey):
    """Cases by id, with their tasks and timelines."""

    def find(self, session: Session, wanted: Iterable[Place]) -> dict[Place, Any]:
        rows = super().find(session, wanted)
        ids = sorted(row.case_id for row in rows.values())
        tasks = children(session, STEPS, TASK_ORDER, ids)
        lines = children(session, TIMELINE, LINE_ORDER, ids)
        return {place: CaseRecord(row, tasks.get(row.case_id, ()), lines.get(row.case_id, ()))
                for place, row in rows.items()}


class ListedCases(Lists):
    """Lists of cases, with their tasks and without forms."""

    def find(
        self, session: Session, asked: Sequence[Mapping[str, Any]], limits: Sequence[int],
    ) -> list[list[Any]]:
        lists = super().find(session, asked, limits)
        tasks = children(session, STEPS, TASK_ORDER, sorted({row.case_id for rows in lists for row in rows}))
        return [[CaseRecord(row, tasks.get(row.case_id, ())) for row in rows] for rows in lists]


def _newest_first(asked: Columns) -> Select[Any]:
    query = select(*WITHOUT_FORM)
    if "tenant" in asked:
        query = query.where(CASES.c.tenant_id == asked["tenant"])
    if "applicant_subject" in asked:
        query = query.where(CASES.c.applicant_subject == survivor_of(asked["applicant_subject"]))
    for name in ("matter_code", "state", "stuck"):
        if name in asked:
            query = query.where(CASES.c[name] == asked[name])
    if "maker" in asked:
        query = query.where(or_(CASES.c.app == asked["maker"], CASES.c.app == BEFORE_APPS))
    if "before" in asked:
        query = query.where(CASES.c.case_id < asked["before"])
    return query.order_by(CASES.c.case_id.desc())


BY_ID = WholeCases(CASES, "case_id", anywhere=True)
NEWEST_FIRST = ListedCases(_newest_first, holders=True, stuck=Boolean())
