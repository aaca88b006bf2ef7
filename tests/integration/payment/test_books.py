"""Business days on PostgreSQL: closing against posting, rights, the model, old entries."""
from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.payment.ledger.usecases.close_days import close_days
from shared_components.db import Database, migrate
from shared_components.kernel.clock import FixedClock
from tests.integration.payment.conftest import empty
from tests.integration.payment.test_postgresql import together
from tests.unit.payment.ledger.books_model import BooksMachine
from tests.unit.payment.ledger.test_books import CLEARING, DAY, DAYS, close, statement
from tests.unit.payment.steps import apply, make_orders, paid_word
from tests.unit.payment.world import TENANT, FakeChannels, SqlTransactions

pytestmark = pytest.mark.integration


def test_what_is_posted_while_a_day_is_closed_is_either_in_it_or_dated_after_it(
    transactions: SqlTransactions, clock: FixedClock
) -> None:
    """Every thread posts with a clock that still stands in the day that is being closed."""
    orders = [order["order_id"] for order in make_orders(transactions, 120)]
    late = FixedClock(clock.now() + timedelta(days=1))
    closer = SqlTransactions(transactions.database, late, [], transactions.channels, transactions.keys)
    begun = threading.Event()

    def work(number: int) -> Any:
        if number == 40:
            begun.set()
            return close(closer, DAY)
        return apply(transactions, paid_word(orders[number]))

    done = together(work, range(120))
    assert begun.is_set()
    closed = done[40]
    first, second = (statement(closer, CLEARING, day, day) for day in DAYS[:2])
    assert first["entry_count"] + second["entry_count"] == 119
    assert first["entry_count"] == closed["entry_count"]
    assert first["closing_balance_minor"] == 1000 * closed["entry_count"]
    late.advance(timedelta(days=1))
    assert close(closer, DAYS[1])["entry_count"] == second["entry_count"]


def test_many_who_close_the_same_day_get_the_same_closing(transactions: SqlTransactions, clock: FixedClock) -> None:
    make_and_pay(transactions, 3)
    clock.advance(timedelta(days=1))
    closed = together(lambda _: close(transactions, DAY), range(8))
    assert all(one == closed[0] for one in closed)


def test_people_and_the_clock_who_close_the_same_days_at_once_close_each_once(
    transactions: SqlTransactions, clock: FixedClock
) -> None:
    make_and_pay(transactions, 3)
    clock.advance(timedelta(days=1))
    close(transactions, DAY)
    clock.advance(timedelta(days=3))

    def work(number: int) -> Any:
        return close(transactions, DAYS[3]) if number % 4 == 3 else close_days(transactions, timedelta())

    done = together(work, range(8))
    assert done[3] == done[7]
    assert [done[number] for number in (0, 1, 2, 4, 5, 6)] == [0] * 6
    with transactions.begin(TENANT) as tx:
        found = [closing for day in DAYS[:4] if (closing := tx.books.closing(TENANT, day)) is not None]
        assert tx.books.closed_through(TENANT) == DAYS[3]
    assert [each.since for each in found] == [None, *(each.day for each in found[:-1])]


@pytest.mark.parametrize("table", ["ledger_closings", "ledger_closing_balances"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET tenant_id = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_a_closed_day_refuses_changes_by_the_role_of_the_service(
    transactions: SqlTransactions, table: str, statement: str
) -> None:
    with pytest.raises(DBAPIError, match="permission denied"), transactions.database.transaction([TENANT]) as session:
        session.execute(text(statement.format(table)))


def test_books_that_were_tampered_with_are_not_closed(transactions: SqlTransactions, clock: FixedClock) -> None:
    make_and_pay(transactions, 2)
    clock.advance(timedelta(days=1))
    with transactions.database.transaction([TENANT]) as session:
        session.execute(text("UPDATE ledger_balances SET debit_minor = debit_minor + 1 WHERE debit_minor > 0"))
    with pytest.raises(Exception, match="stand elsewhere"):
        close(transactions, DAY)


def make_and_pay(transactions: SqlTransactions, count: int) -> None:
    for order in make_orders(transactions, count):
        apply(transactions, paid_word(order["order_id"]))


def test_the_books_under_random_histories(database: Database, tmp_path: Path) -> None:
    class PostgresqlBooks(BooksMachine):
        def make_units(self, clock: FixedClock, channels: FakeChannels) -> Any:
            empty(database)
            return SqlTransactions(database, clock, [], channels, tmp_path)

    run_state_machine_as_test(
        PostgresqlBooks, settings=settings(max_examples=6, stateful_step_count=15, deadline=None))


@pytest.fixture
def old_database(database_url: str) -> Iterator[Database]:
    """As it was before entries had business days, with an entry late in the evening of China."""
    migrate(database_url, "payment", to="0001")
    database = Database(database_url, "payment")
    with database.transaction([TENANT]) as session:
        for number, hour in ((1, "15:59"), (2, "16:00")):
            session.execute(
                text(
                    "INSERT INTO ledger_entries (entry_id, tenant_id, source, debit_account, credit_account, "
                    "amount_minor, currency, order_id, posted_at) "
                    "VALUES (:entry, :tenant, :entry, 'a', 'b', 5, 'CNY', '', :at)"
                ),
                {"entry": f"led_{number}", "tenant": TENANT, "at": f"2025-06-02 {hour}:00.000000"},
            )
        session.execute(text("INSERT INTO ledger_balances VALUES (:tenant, 'a', 'CNY', 10, 0)"), {"tenant": TENANT})
    yield database
    database.dispose()


def test_old_entries_are_dated_by_the_day_in_china(old_database: Database, database_url: str) -> None:
    assert migrate(database_url, "payment")[0] > "0001"
    with old_database.reading([TENANT]) as session:
        days = session.execute(text("SELECT business_day FROM ledger_entries ORDER BY entry_id")).scalars().all()
    assert [str(day) for day in days] == ["2025-06-02", "2025-06-03"]
    with old_database.reading([TENANT]) as session:  # its days close by themselves, though it has posted nothing since
        assert session.execute(text("SELECT tenant_id, closed_through FROM ledger_days")).all() == [(TENANT, None)]
    refused = pytest.raises(DBAPIError, match=r"append-only|permission denied")
    with refused, old_database.transaction([TENANT]) as session:
        session.execute(text("UPDATE ledger_entries SET amount_minor = 6"))
