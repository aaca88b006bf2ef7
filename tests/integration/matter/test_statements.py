"""On PostgreSQL the statements of the engine do not grow with the number of cases that are due at once."""
from __future__ import annotations

from pathlib import Path

import pytest

from services.matter.cases.usecases.kind import Told
from services.matter.cases.usecases.start_case import StartCase
from services.matter.kinds.pay.events import take_orders_paid
from shared_components.db import Database, migrate
from shared_components.kernel.clock import FixedClock
from tests.unit.matter.bench import MATTER, NOW, TENANT, Bench
from tests.unit.matter.sql import SqlTransactions
from tests.unit.matter.test_groups_of_calls import start, submit
from tests.unit.matter.test_statements import CASES, counted, engine_work


@pytest.mark.integration
def test_many_cases_cost_the_statements_of_one(postgres_url: str, tmp_path: Path) -> None:
    migrate(postgres_url, "matter")
    database = Database(postgres_url, "matter")
    bench = Bench(SqlTransactions(database, FixedClock(NOW), tmp_path))
    alone, together = engine_work(bench, 1), engine_work(bench, CASES)
    database.dispose()
    assert together.statements == alone.statements <= 30, (alone, together)


@pytest.mark.integration
def test_money_for_many_cases_costs_the_statements_of_one(postgres_url: str, tmp_path: Path) -> None:
    migrate(postgres_url, "matter")
    database = Database(postgres_url, "matter")
    transactions = SqlTransactions(database, FixedClock(NOW), tmp_path)
    bench = Bench(transactions)
    ids = [bench.submit(bench.another_applicant()) for _ in range(CASES)]
    bench.run_in_groups()
    events = [event for event in map(bench.pay_silently, ids) if event is not None]
    seen = []
    for part in (events[:1], events[1:2], events[2:]):  # the first prepares what the others use
        with counted(transactions) as one, transactions.begin(TENANT) as tx:
            take_orders_paid(tx, [Told(TENANT, event) for event in part])
        seen.append((one.statements, one.transactions))
    assert {bench.case(case_id).step("pay").state for case_id in ids} == {"completed"}
    database.dispose()
    assert seen[2] == seen[1] <= (12, 1)


@pytest.mark.integration
def test_many_calls_cost_the_statements_of_one(postgres_url: str, tmp_path: Path) -> None:
    migrate(postgres_url, "matter")
    database = Database(postgres_url, "matter")
    transactions = SqlTransactions(database, FixedClock(NOW), tmp_path)
    bench = Bench(transactions)
    applicants = [bench.another_applicant() for _ in range(CASES + 1)]
    seen = []
    for group in (applicants[:1], applicants[1:]):
        with counted(transactions) as calls:
            started = start(bench, [StartCase(MATTER, one, bench.form()) for one in group])
            submit(bench, [one.case_id for one in started])
        seen.append((calls.statements, calls.transactions))
    database.dispose()
    assert seen[1] <= seen[0] <= (10, 2)
