"""What the database itself promises: statements counted, constraints, append-only books, secrets, migrations."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from services.payment.adapters.repository.ledger import SqlLedger
from services.payment.domain import ledger
from services.payment.usecases.create_orders import create_orders
from services.payment.usecases.notifications import apply_notifications
from services.payment.usecases.receipts import issue_for_orders, issue_for_refunds
from shared_components.db import KeyTaken
from shared_components.db.migrate import drift
from tests.unit.payment.receipt_steps import paid_event, put_range, refunded_event
from tests.unit.payment.steps import apply, ask_refund, make_order, make_orders, make_paid_order, order_of, paid_word
from tests.unit.payment.world import TENANT, SqlUnits, order_call


@contextmanager
def counted(units: SqlUnits) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement.split()[0])

    event.listen(units.database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(units.database.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("size", [1, 7, 256])
def test_creating_a_group_takes_three_statements_whatever_its_size(sql_units: SqlUnits, size: int) -> None:
    make_orders(sql_units)  # also takes the first block of serials
    calls = [order_call(lines=[{"item_code": "103042801", "quantity": n + 1}] * 2) for n in range(size)]
    with counted(sql_units) as statements, sql_units.begin(TENANT) as unit:
        create_orders(unit, calls)
    # fee items; then, with the commit, orders and their lines
    assert [kind for kind in statements if kind not in ("BEGIN", "PRAGMA")] == ["SELECT", "INSERT", "INSERT"]


@pytest.mark.parametrize("size", [1, 7, 200])
def test_applying_a_group_takes_the_same_statements_whatever_its_size(sql_units: SqlUnits, size: int) -> None:
    make_paid_order(sql_units)  # also makes the tenant's row of closed days
    words = [paid_word(order["order_id"]) for order in make_orders(sql_units, size)]
    with counted(sql_units) as statements, sql_units.begin(TENANT) as unit:
        assert all(reply["applied"] for reply in apply_notifications(unit, words))
    # The trades and the entries, which are only added, go with the commit.
    assert [one for one in statements if one not in ("PRAGMA", "BEGIN")] == [
        "SELECT", "INSERT", "SELECT", "UPDATE", "SELECT", "INSERT", "INSERT", "INSERT"]


@pytest.mark.parametrize("size", [1, 7, 200])
def test_receipts_of_a_group_take_the_same_statements_whatever_its_size(sql_units: SqlUnits, size: int) -> None:
    put_range(sql_units, 1, 1000)
    paid = [make_paid_order(sql_units) for _ in range(size)]
    with counted(sql_units) as statements, sql_units.begin(TENANT) as unit:
        issue_for_orders(unit, [paid_event(each) for each in paid])
    # Which have one, orders, lines, a range, its numbers; then, with the commit, the receipts.
    assert [one for one in statements if one not in ("PRAGMA", "BEGIN")] == [
        "SELECT", "SELECT", "SELECT", "SELECT", "UPDATE", "INSERT"]


@pytest.mark.parametrize("size", [1, 7, 200])
def test_red_receipts_of_a_group_take_the_same_statements_whatever_its_size(sql_units: SqlUnits, size: int) -> None:
    put_range(sql_units, 1, 1000)
    paid = [make_paid_order(sql_units) for _ in range(size)]
    with sql_units.begin(TENANT) as unit:
        issue_for_orders(unit, [paid_event(each) for each in paid])
    refunded = [refunded_event(each, f"ref_{number}", 100) for number, each in enumerate(paid)]
    with counted(sql_units) as statements, sql_units.begin(TENANT) as unit:
        issue_for_refunds(unit, refunded)
    # Which have an original, these and red ones, a range, its numbers; then, with the commit, the receipts.
    assert [one for one in statements if one not in ("PRAGMA", "BEGIN")] == [
        "SELECT", "SELECT", "SELECT", "UPDATE", "INSERT"]


def test_a_rolled_back_group_hands_out_no_serial_twice(sql_units: SqlUnits) -> None:
    make_orders(sql_units)
    with pytest.raises(ZeroDivisionError), sql_units.begin(TENANT) as unit:
        create_orders(unit, [order_call() for _ in range(1500)])
        raise ZeroDivisionError
    codes = [order["pay_code"] for _ in range(3) for order in make_orders(sql_units, 700)]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("statement", [
    "UPDATE ledger_entries SET amount_minor = 1", "DELETE FROM ledger_entries",
])
def test_the_ledger_refuses_changes(sql_units: SqlUnits, statement: str) -> None:
    make_paid_order(sql_units)
    with pytest.raises(DatabaseError, match="append-only"), sql_units.database.transaction([TENANT]) as session:
        session.execute(text(statement))


@pytest.mark.parametrize("change", [
    "refunded_minor = 1001", "refund_pending_minor = 600, refunded_minor = 600", "refunded_minor = -1",
    "paid_minor = 999", "amount_minor = 0",
])
def test_orders_refuse_impossible_money(sql_units: SqlUnits, change: str) -> None:
    make_paid_order(sql_units)
    with pytest.raises(IntegrityError), sql_units.database.transaction([TENANT]) as session:
        session.execute(text(f"UPDATE orders SET {change}"))  # noqa: S608


def test_the_same_thing_is_never_posted_twice(sql_units: SqlUnits) -> None:
    order_id = make_order(sql_units)
    with sql_units.begin(TENANT) as unit:
        order = unit.orders.lock([order_id])[order_id]
        unit.ledger.post([ledger.order_paid(order, "sandbox", order.created_at)])
    with pytest.raises(KeyTaken), sql_units.begin(TENANT) as unit:
        unit.ledger.post([ledger.order_paid(order, "sandbox", order.created_at)])


def test_balances_are_what_the_entries_add_up_to(sql_units: SqlUnits) -> None:
    order_id = make_paid_order(sql_units)
    ask_refund(sql_units, order_id, 300, available=1000)
    apply(sql_units, paid_word(order_id, trade="t2"))
    with sql_units.begin(TENANT) as unit:
        entries = unit.ledger.page(TENANT, currency="CNY", account=None, order_id=None, after=None, limit=100)
        stored = unit.ledger.balances(TENANT, "CNY")
        suspense = unit.ledger.page(TENANT, currency="CNY", account="suspense", order_id=order_id, after=None, limit=9)
    rebuilt = ledger.balances(entries)
    assert stored == [rebuilt[key] for key in sorted(rebuilt)]
    assert [entry.source.split("/")[0] for entry in suspense] == ["late-money", "refund-promised"]
    assert isinstance(unit.ledger, SqlLedger)


def test_the_payers_name_is_not_readable_in_the_database(sql_units: SqlUnits) -> None:
    order_id = make_order(sql_units, payer_name="欧阳测试人")
    with sql_units.database.reading([TENANT]) as session:
        stored = session.execute(text("SELECT payer_name FROM orders")).scalar_one()
    assert "欧阳测试人".encode() not in bytes(stored)
    with sql_units.begin(TENANT) as unit:
        order = unit.orders.get(TENANT, order_id)
    assert order is not None and order.payer_name == "欧阳测试人"
    assert "payer_name" not in order_of(sql_units, order_id)


def test_the_migrations_make_what_the_models_say(sql_units: SqlUnits, tmp_sqlite_url: str) -> None:
    assert drift(tmp_sqlite_url, "payment") == []
