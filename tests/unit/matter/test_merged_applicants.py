"""Cases of a merged applicant become the survivor's, also where both have an open case of one matter."""
from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from services.matter.cases.adapters.merged_applicants import APPLICANTS
from services.matter.cases.adapters.tables import CASES
from shared_components.db import ALL_TENANTS, Database, migrate
from shared_components.db.subject_aliases import learn_merge, rewrite_some
from shared_components.kernel.clock import FixedClock
from tests.unit.matter.bench import NOW
from tests.unit.matter.sql import SqlTransactions
from tests.unit.matter.town import settle


@pytest.fixture
def transactions(tmp_path: Path) -> SqlTransactions:
    url = f"sqlite:///{tmp_path}/matter.db"
    migrate(url, "matter")
    return SqlTransactions(Database(url, "matter"), FixedClock(NOW), tmp_path)


def slots(transactions: SqlTransactions) -> dict[str, list[int]]:
    """Places of open cases by applicant, of one department and matter."""
    found: dict[str, list[int]] = {}
    with transactions.database.reading(ALL_TENANTS) as session:
        for row in session.execute(select(CASES).where(CASES.c.tenant_id == "police").order_by(CASES.c.open_slot)):
            found.setdefault(row.applicant_subject, []).append(row.open_slot)
    return found


def test_open_cases_take_the_places_after_those_of_the_survivor(transactions: SqlTransactions) -> None:
    settle(transactions)
    with transactions.database.transaction(ALL_TENANTS) as session:
        for subject in ("sub_1", "sub_2"):
            ids = session.scalars(select(CASES.c.case_id).where(
                CASES.c.tenant_id == "police", CASES.c.applicant_subject == subject).order_by(CASES.c.case_id)).all()
            for number, case_id in enumerate(ids, 1):
                session.execute(CASES.update().where(CASES.c.case_id == case_id).values(open_slot=number))
        learn_merge(session, "sub_2", "sub_1")
        assert rewrite_some(session, APPLICANTS) == 6
        assert rewrite_some(session, APPLICANTS) == 0
    assert slots(transactions) == {"sub_1": [1, 2, 3, 4, 5, 6]}


def test_a_case_that_is_not_open_gets_no_place(transactions: SqlTransactions) -> None:
    settle(transactions)
    with transactions.database.transaction(ALL_TENANTS) as session:
        learn_merge(session, "sub_2", "sub_1")
        rewrite_some(session, APPLICANTS)
    assert slots(transactions) == {"sub_1": [None] * 6}
