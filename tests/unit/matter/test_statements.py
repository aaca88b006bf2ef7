"""Statements and transactions of a case fall with the number of cases that the engine does at once."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import event

from services.matter.cases.usecases.kind import Told
from services.matter.kinds.pay.events import take_orders_paid
from shared_components.db import Database
from tests.unit.matter.bench import TENANT, Bench
from tests.unit.matter.sql import SqlTransactions

CASES = 16


@dataclass
class Seen:
    statements: int = 0
    transactions: int = 0


class HasDatabase(Protocol):
    @property
    def database(self) -> Database: ...


@contextmanager
def counted(transactions: HasDatabase) -> Iterator[Seen]:
    seen, engine = Seen(), transactions.database.engine

    def statement(*_: object) -> None:
        seen.statements += 1

    def begin(*_: object) -> None:
        seen.transactions += 1

    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "begin", begin)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", statement)
        event.remove(engine, "begin", begin)


def engine_work(bench: Bench, number: int) -> Seen:
    """Statements of the engine for so many cases of matter D at once, from the submission to the licence."""
    assert isinstance(bench.transactions, SqlTransactions)
    ids = [bench.submit(bench.another_applicant()) for _ in range(number)]
    with counted(bench.transactions) as first:
        bench.run_in_groups()
    for case_id in ids:
        bench.call_back(case_id, callback_id=f"m-{case_id}")
        bench.tell_only(bench.pay_silently(case_id))
    with counted(bench.transactions) as rest:
        bench.run_in_groups()
    assert {bench.case(case_id).state for case_id in ids} == {"completed"}
    return Seen(first.statements + rest.statements, first.transactions + rest.transactions)


def test_the_engine_has_one_transaction_for_each_stage_whatever_the_number_of_cases(
    sql_transactions: SqlTransactions,
) -> None:
    bench = Bench(sql_transactions)
    alone, together = engine_work(bench, 1), engine_work(bench, CASES)
    assert together.transactions == alone.transactions <= 5, (alone, together)


def test_money_for_many_cases_is_taken_in_one_transaction_and_the_reads_of_one(
    sql_transactions: SqlTransactions,
) -> None:
    bench = Bench(sql_transactions)
    ids = [bench.submit(bench.another_applicant()) for _ in range(CASES)]
    bench.run_in_groups()
    paid = [event for event in map(bench.pay_silently, ids) if event is not None]
    with counted(sql_transactions) as one, sql_transactions.begin(TENANT) as tx:
        take_orders_paid(tx, [Told(TENANT, paid[0])])
    with counted(sql_transactions) as rest, sql_transactions.begin(TENANT) as tx:
        take_orders_paid(tx, [Told(TENANT, event) for event in paid[1:]])
    assert {bench.case(case_id).step("pay").state for case_id in ids} == {"completed"}
    assert one.transactions == rest.transactions
    # SQLite updates row by row: a case and its steps. PostgreSQL takes one statement for each table.
    assert rest.statements - one.statements <= (len(paid) - 2) * 3


def test_events_that_are_not_ours_spoil_no_group(sql_transactions: SqlTransactions) -> None:
    bench = Bench(sql_transactions)
    case_id = bench.submit(bench.another_applicant())
    bench.run_in_groups()
    paid = bench.pay_silently(case_id)
    assert paid is not None
    strange = [{**paid, "reference": reference} for reference in (None, "bench-1", "case_unknown:pay", f"{case_id}:x")]
    with sql_transactions.begin(TENANT) as tx:
        take_orders_paid(tx, [Told(TENANT, event) for event in [*strange, paid, paid]])
    assert bench.case(case_id).step("pay").state == "completed"
