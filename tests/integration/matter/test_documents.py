"""The same promises of documents on PostgreSQL, where several schedules give numbers at a time."""
from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from services.matter.cases.domain.documents import PlannedDocument
from shared_components.db import Database, migrate
from shared_components.kernel.clock import FixedClock
from shared_components.kernel.ids import new_id
from tests.unit.matter.bench import NOW, TENANT, Bench
from tests.unit.matter.sql import SqlTransactions
from tests.unit.matter.test_documents import (  # noqa: F401
    test_a_document_is_given_as_one_file_that_says_what_it_says,
    test_a_document_is_seen_by_those_who_see_the_case_and_a_ticket_is_good_once,
    test_numbers_run_without_a_gap_in_a_departments_year,
)

pytestmark = pytest.mark.integration


@pytest.fixture
def town(postgres_url: str, tmp_path: Path) -> Iterator[Bench]:
    migrate(postgres_url, "matter")
    database = Database(postgres_url, "matter")
    yield Bench(SqlTransactions(database, FixedClock(NOW), tmp_path))
    database.dispose()


def planned(name: str, case_id: str) -> PlannedDocument:
    return PlannedDocument(
        TENANT, case_id, name, name, None, "示许", "1133010600000030X3", date(2025, 6, 2), NOW,
        {"zh": "文", "en": "x"}, {"zh": "文", "en": "x"})


def test_schedules_side_by_side_leave_no_gap_and_give_no_number_twice(town: Bench) -> None:
    cases = [new_id("case") for _ in range(60)]
    with town.sql.begin(TENANT) as tx:
        for _ in range(2):
            tx.documents.plan([planned("receipt", case_id) for case_id in cases])

    def number(_: int) -> int:
        done = 0
        for _ in range(30):
            with town.sql.begin() as tx:
                done += tx.documents.number_some(7)
        return done

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(number, range(4))) == len(cases)
    with town.sql.begin(TENANT) as tx:
        numbers = [one.number for case_id in cases for one in tx.documents.of_case(case_id)]
    assert sorted(numbers, key=lambda number: number or 0) == list(range(1, len(cases) + 1))
