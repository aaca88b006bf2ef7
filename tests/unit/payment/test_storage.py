"""What the database itself promises: statements counted, constraints, append-only books, secrets, migrations."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from services.payment.ledger.adapters.sql.ledger import SqlLedger
from services.payment.ledger.domain import ledger
from services.payment.orders.domain import postings
from services.payment.orders.usecases.create_orders import create_orders
from services.payment.orders.usecases.notifications import apply_notifications
from services.payment.receipts.usecases.issue_receipts import issue_for_orders, issue_for_refunds
from shared_components.db import KeyTaken
from shared_components.db.migrate import drift
from tests.outcomes import done
from tests.unit.payment.receipts.steps import paid_event, put_range, refunded_event
from tests.unit.payment.steps import apply, ask_refund, make_order, make_orders, make_paid_order, order_of, paid_word
from tests.unit.payment.world import TENANT, SqlTransactions, order_call


@contextmanager
def counted(transactions: SqlTransactions) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement.split()[0])

    event.listen(transactions.database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(transactions.database.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("size", [1, 7, 256])
def test_creating_a_group_takes_three_statements_whatever_its_size(
    sql_transactions: SqlTransactions, size: int
) -> None:
    make_orders(sql_transactions)  # also takes the first block of serials
    calls = [order_call(lines=[{"item_code": "103042801", "quantity": n + 1}] * 2) for n in range(size)]
    with counted(sql_transactions) as statements, sql_transactions.begin(TENANT) as tx:
        create_orders(tx, calls)
    # fee items; then, with the commit, orders and their lines
    assert [kind for kind in statements if kind not in ("BEGIN", "PRAGMA")] == ["SELECT", "INSERT", "INSERT"]


@pytest.mark.parametrize("size", [1, 7, 200])
def test_applying_a_group_takes_the_same_statements_whatever_its_size(
    sql_transactions: SqlTransactions, size: int
) -> None:
    make_paid_order(sql_transactions)  # also makes the tenant's row of closed days
    words = [paid_word(order["order_id"]) for order in make_orders(sql_transactions, size)]
    with counted(sql_transactions) as statements, sql_transactions.begin(TENANT) as tx:
        assert all(done(reply)["applied"] for reply in apply_notifications(tx, words))
    # The trades and the entries, which are only added, go with the commit.
    assert [one for one in statements if one not in ("PRAGMA", "BEGIN")] == [
        "SELECT", "INSERT", "SELECT", "UPDATE", "SELECT", "INSERT", "INSERT", "INSERT"]


@pytest.mark.parametrize("size", [1, 7, 200])
def test_receipts_of_a_group_take_the_same_statements_whatever_its_size(
    sql_transactions: SqlTransactions, size: int
) -> None:
    put_range(sql_transactions, 1, 1000)
    paid = [make_paid_order(sql_transactions) for _ in range(size)]
    with counted(sql_transactions) as statements, sql_transactions.begin(TENANT) as tx:
        issue_for_orders(tx, [paid_event(each) for each in paid])
    # Which have one, orders, lines, a range, its numbers; then, with the commit, the receipts.
    assert [one for one in statements if one not in ("PRAGMA", "BEGIN")] == [
        "SELECT", "SELECT", "SELECT", "SELECT", "UPDATE", "INSERT"]


@pytest.mark.parametrize("size", [1, 7, 200])
def test_red_receipts_of_a_group_take_the_same_statements_whatever_its_size(
    sql_transactions: SqlTransactions, size: int
) -> None:
    put_range(sql_transactions, 1, 1000)
    paid = [make_paid_order(sql_transactions) for _ in range(size)]
    with sql_transactions.begin(TENANT) as tx:
        issue_for_orders(tx, [paid_event(each) for each in paid])
    refunded = [refunded_event(each, f"ref_{number}", 100) for number, each in enumerate(paid)]
    with counted(sql_transactions) as statements, sql_transactions.begin(TENANT) as tx:
        issue_for_refunds(tx, refunded)
    # Which have an original, these and red ones, a range, its numbers; then, with the commit, the receipts.
    assert [one for one in statements if one not in ("PRAGMA", "BEGIN")] == [
        "SELECT", "SELECT", "SELECT", "UPDATE", "INSERT"]


def test_a_rolled_back_group_hands_out_no_serial_twice(sql_transactions: SqlTransactions) -> None:
    make_orders(sql_transactions)
    with pytest.raises(ZeroDivisionError), sql_transactions.begin(TENANT) as tx:
        create_orders(tx, [order_call() for _ in range(1500)])
        raise ZeroDivisionError
    codes = [order["pay_code"] for _ in range(3) for order in make_orders(sql_transactions, 700)]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("statement", [
    "UPDATE ledger_entries SET amount_minor = 1", "DELETE FROM ledger_entries",
])
def test_the_ledger_refuses_changes(sql_transactions: SqlTransactions, statement: str) -> None:
    make_paid_order(sql_transactions)
    with pytest.raises(DatabaseError, match="append-only"), sql_transactions.database.transaction([TENANT]) as session:
        session.execute(text(statement))


@pytest.mark.parametrize("change", [
    "refunded_minor = 1001", "refund_pending_minor = 600, refunded_minor = 600", "refunded_minor = -1",
    "paid_minor = 999", "amount_minor = 0",
])
def test_orders_refuse_impossible_money(sql_transactions: SqlTransactions, change: str) -> None:
    make_paid_order(sql_transactions)
    with pytest.raises(IntegrityError), sql_transactions.database.transaction([TENANT]) as session:
        session.execute(text(f"UPDATE orders SET {change}"))  # noqa: S608


def test_the_same_thing_is_never_posted_twice(sql_transactions: SqlTransactions) -> None:
    order_id = make_order(sql_transactions)
    with sql_transactions.begin(TENANT) as tx:
        order = tx.orders.lock([order_id])[order_id]
        tx.ledger.post([postings.order_paid(order, "sandbox", order.created_at)])
    with pytest.raises(KeyTaken), sql_transactions.begin(TENANT) as tx:
        tx.ledger.post([postings.order_paid(order, "sandbox", order.created_at)])


def test_balances_are_what_the_entries_add_up_to(sql_transactions: SqlTransactions) -> None:
    order_id = make_paid_order(sql_transactions)
    ask_refund(sql_transactions, order_id, 300, available=1000)
    apply(sql_transactions, paid_word(order_id, trade="t2"))
    with sql_transactions.begin(TENANT) as tx:
        entries = tx.ledger.page(TENANT, currency="CNY", account=None, order_id=None, after=None, limit=100)
        stored = tx.ledger.balances(TENANT, "CNY")
        suspense = tx.ledger.page(TENANT, currency="CNY", account="suspense", order_id=order_id, after=None, limit=9)
    rebuilt = ledger.balances(entries)
    assert stored == [rebuilt[key] for key in sorted(rebuilt)]
    assert [entry.source.split("/")[0] for entry in suspense] == ["late-money", "refund-promised"]
    assert isinstance(tx.ledger, SqlLedger)


def test_the_payers_name_is_not_readable_in_the_database(sql_transactions: SqlTransactions) -> None:
    order_id = make_order(sql_transactions, payer_name="欧阳测试人")
    with sql_transactions.database.reading([TENANT]) as session:
        stored = session.execute(text("SELECT payer_name FROM orders")).scalar_one()
    assert "欧阳测试人".encode() not in bytes(stored)
    with sql_transactions.begin(TENANT) as tx:
        order = tx.orders.get(TENANT, order_id)
    assert order is not None and order.payer_name == "欧阳测试人"
    assert "payer_name" not in order_of(sql_transactions, order_id)


def test_the_migrations_make_what_the_models_say(sql_transactions: SqlTransactions, tmp_sqlite_url: str) -> None:
    assert drift(tmp_sqlite_url, "payment") == []
