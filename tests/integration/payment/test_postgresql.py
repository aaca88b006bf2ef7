"""Behaviour that only PostgreSQL shows: races, row security, an append-only ledger, migrations."""
from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.payment.channels.domain.channel import Notification
from services.payment.ledger.domain import ledger
from services.payment.orders.usecases.notifications import apply_notifications
from services.payment.orders.usecases.scheduled import push_refunds
from shared_components.db.migrate import drift
from shared_components.kernel.errors import AppError
from tests.unit.payment.steps import (
    apply,
    ask_refund,
    books,
    failed_word,
    make_order,
    make_orders,
    make_paid_order,
    order_of,
    paid_word,
    start,
)
from tests.unit.payment.test_storage import counted
from tests.unit.payment.world import OTHER_TENANT, TENANT, SqlTransactions

pytestmark = pytest.mark.integration
WORKERS = 12


def together(work: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(work, items))


def test_of_many_who_refund_the_same_money_one_succeeds_each_round(transactions: SqlTransactions) -> None:
    """R14, short: everyone believes the same amount to be available."""
    order_id = make_paid_order(transactions)

    def refund(amount_minor: int) -> int:
        try:
            return int(ask_refund(transactions, order_id, amount_minor, available=available)["amount_minor"])
        except AppError as error:
            assert error.http_status in (409, 412)
            return 0

    promised = 0
    for _ in range(15):
        available = order_of(transactions, order_id)["refund_available_minor"]
        if available < 60:
            break
        done = together(refund, range(40, 60))
        assert sum(amount > 0 for amount in done) == 1
        promised += sum(done)
        assert order_of(transactions, order_id)["refund_available_minor"] == 1000 - promised
    push_refunds(transactions, transactions.channels)
    assert order_of(transactions, order_id)["refunded_minor"] == promised
    assert books(transactions)["channel-clearing/sandbox"] == 1000 - promised


def test_words_in_every_order_from_everywhere_at_once_end_in_one_state(transactions: SqlTransactions) -> None:
    """R12, short: groups that share orders, shuffled and duplicated, neither deadlock nor count twice."""
    orders = [order["order_id"] for order in make_orders(transactions, 20)]
    for order_id in orders:
        start(transactions, order_id)
    dice = random.Random(12)
    words: list[Notification] = []
    for order_id in orders:
        words += [paid_word(order_id)] * 4 + [paid_word(order_id, event="retold")] + [failed_word(order_id)] * 2
        words += [paid_word(order_id, trade="t2")] * 2
    dice.shuffle(words)
    groups = [words[first:first + 9] for first in range(0, len(words), 9)]
    replies = [reply for group in together(lambda group: apply(transactions, *group), groups) for reply in group]
    assert not [reply for reply in replies if isinstance(reply, AppError)]
    push_refunds(transactions, transactions.channels)
    assert {order_of(transactions, order_id)["state"] for order_id in orders} == {"paid"}
    balances = books(transactions)
    assert balances["channel-clearing/sandbox"] == 20 * 1000
    assert (balances["suspense"], balances["refunds-payable"]) == (0, 0)


def test_pay_codes_are_unique_under_concurrency_and_across_processes(transactions: SqlTransactions) -> None:
    other_process = SqlTransactions(
        transactions.database, transactions.clock, [], transactions.channels, transactions.keys
    )
    make_orders(transactions)
    made = together(lambda n: make_orders((transactions, other_process)[n % 2], 150), range(24))
    codes = [order["pay_code"] for group in made for order in group]
    assert len(set(codes)) == len(codes) == 24 * 150


def test_a_refund_pushed_by_many_at_once_is_concluded_once(
    transactions: SqlTransactions, recorded: list[dict[str, Any]]
) -> None:
    order_id = make_paid_order(transactions)
    ask_refund(transactions, order_id, 1000, available=1000)
    together(lambda _: push_refunds(transactions, transactions.channels), range(WORKERS))
    assert order_of(transactions, order_id)["state"] == "refunded"
    assert [event["type"] for event in recorded].count("order-refunded") == 1
    assert books(transactions)["channel-clearing/sandbox"] == 0


def test_a_callback_reaches_the_order_of_the_tenant_in_its_signed_body(transactions: SqlTransactions) -> None:
    order_id = make_order(transactions)
    with transactions.begin(OTHER_TENANT) as tx:
        assert tx.orders.lock([order_id]) == {}
    with transactions.begin(OTHER_TENANT) as tx:  # the tenant of the gateway's call says nothing
        (reply,) = apply_notifications(tx, [paid_word(order_id)])
    assert reply == {"order_id": order_id, "state": "paid", "applied": True}


def test_row_security_hides_a_tenants_money_from_another(transactions: SqlTransactions) -> None:
    make_paid_order(transactions)
    for table in ("orders", "order_lines", "channel_payments", "channel_events", "ledger_entries", "ledger_balances"):
        with transactions.database.reading([OTHER_TENANT]) as session:
            assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0  # noqa: S608


@pytest.mark.parametrize("statement", [
    "UPDATE ledger_entries SET amount_minor = 1", "DELETE FROM ledger_entries", "TRUNCATE ledger_entries",
])
def test_the_ledger_refuses_changes_by_the_role_of_the_service(transactions: SqlTransactions, statement: str) -> None:
    make_paid_order(transactions)
    with pytest.raises(DBAPIError, match="permission denied"), transactions.database.transaction([TENANT]) as session:
        session.execute(text(statement))
    with transactions.database.reading([TENANT]) as session:
        assert session.execute(text("SELECT current_user")).scalar_one() == "zhongtai"
        for right in ("UPDATE", "DELETE", "TRUNCATE"):
            query = text("SELECT has_table_privilege('ledger_entries', :right)")
            assert not session.execute(query, {"right": right}).scalar_one()


@pytest.mark.parametrize("statement", [
    "UPDATE ledger_entries SET amount_minor = 1", "DELETE FROM ledger_entries", "TRUNCATE ledger_entries",
])
def test_the_ledger_refuses_changes_even_by_an_owner_who_takes_the_right_back(
    transactions: SqlTransactions, statement: str
) -> None:
    make_paid_order(transactions)
    with pytest.raises(DBAPIError, match="append-only"), transactions.database.transaction([TENANT]) as session:
        session.execute(text("GRANT UPDATE, DELETE, TRUNCATE ON ledger_entries TO CURRENT_USER"))
        session.execute(text(statement))


def test_balances_are_what_the_entries_add_up_to_after_concurrent_work(transactions: SqlTransactions) -> None:
    orders = [order["order_id"] for order in make_orders(transactions, 60)]
    together(lambda order_id: apply(transactions, paid_word(order_id)), orders)
    with transactions.begin(TENANT) as tx:
        entries = tx.ledger.page(TENANT, currency="CNY", account=None, order_id=None, after=None, limit=1000)
        stored = tx.ledger.balances(TENANT, "CNY")
    rebuilt = ledger.balances(entries)
    assert stored == [rebuilt[key] for key in sorted(rebuilt)]
    assert stored[0].debit_minor == 60_000


@pytest.mark.parametrize("size", [1, 50])
def test_a_group_costs_the_same_statements_whatever_its_size(transactions: SqlTransactions, size: int) -> None:
    make_paid_order(transactions)  # also makes the tenant's row of closed days
    with counted(transactions) as statements:
        orders = make_orders(transactions, size)
    words = [paid_word(order["order_id"]) for order in orders]
    with counted(transactions) as applying:
        apply(transactions, *words)
    assert statements.count("EXECUTE") == 1  # one message: orders, their lines, and the commit; planned before
    assert len(applying) == 6 + 1  # the work, then what is only added, with the commit


def test_the_migrations_make_what_the_models_say(transactions: SqlTransactions, payment_url: str) -> None:
    assert drift(payment_url, "payment") == []
