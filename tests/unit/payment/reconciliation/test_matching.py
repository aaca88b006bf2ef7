"""The SQL that compares whole sets agrees with the domain's own words, one by one, in whatever state things are."""
from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from services.payment.orders.domain import postings, states
from services.payment.orders.domain.payment import SETTLED, SUSPENDED, ChannelPayment
from services.payment.orders.domain.refund import TO_PAYER, Refund
from services.payment.reconciliation.domain.reconciliation import CLASSES
from services.payment.reconciliation.domain.statement import PROCESSING, STATUSES, SUCCEEDED
from shared_components.kernel.clock import FixedClock
from tests.unit.payment.memory import MemoryTransactions
from tests.unit.payment.reconciliation.statements import (
    DAY,
    bring,
    classes,
    compare,
    differences,
    payment,
    refund,
    statement,
)
from tests.unit.payment.steps import make_orders
from tests.unit.payment.world import OTHER_TENANT, START, TENANT, FakeChannels, SqlTransactions, fixed_clock


def mostly(usual: Any, *others: Any) -> st.SearchStrategy[Any]:
    """Nearly everything agrees, or one disagreement would hide behind another."""
    return st.sampled_from([usual] * 9 * len(others) + list(others))


AMOUNTS = mostly(1000, 999)
CURRENCIES = mostly("CNY", "USD")
TENANTS = mostly(TENANT, OTHER_TENANT)
ORDER_STATES = mostly(states.PAID, *states.ORDER.states)
REFUND_STATES = st.sampled_from([*[SUCCEEDED] * 4, *states.REFUND.states])
LEDGER = mostly(1000, None, 999)
HOURS = st.integers(-30, 30)


def _maybe(facts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return mostly(True, False).flatmap(lambda there: facts if there else st.none())


@st.composite
def trades(draw: st.DrawFn) -> dict[str, Any]:
    """One order with all that may be on record and on the statement of it, in agreement or not."""
    return {
        "tenant": draw(TENANTS), "state": draw(ORDER_STATES), "is_known": draw(mostly(True, False)),
        "payment": draw(_maybe(st.fixed_dictionaries({
            "amount": AMOUNTS, "currency": CURRENCIES, "disposition": mostly(SETTLED, SUSPENDED),
            "hours": HOURS, "ledger": LEDGER, "of_another_order": mostly(False, True),
        }))),
        "line": draw(_maybe(st.fixed_dictionaries({
            "amount": AMOUNTS, "status": mostly(SUCCEEDED, *STATUSES),
        }))),
        "refund": draw(st.none() | st.fixed_dictionaries({
            "amount": AMOUNTS, "currency": CURRENCIES, "state": REFUND_STATES, "hours": HOURS, "ledger": LEDGER,
        })),
        "refund_line": draw(st.none() | st.fixed_dictionaries({
            "amount": AMOUNTS, "status": st.sampled_from([SUCCEEDED, PROCESSING, *STATUSES]),
        })),
    }


WORLDS = st.lists(trades(), max_size=12)
SETTINGS = settings(
    max_examples=15, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.data_too_large, HealthCheck.too_slow],
)


@given(world=WORLDS)
@SETTINGS
def test_sets_are_compared_as_one_by_one(world: list[dict[str, Any]], sql_transactions: SqlTransactions) -> None:
    compare_with_memory(world, sql_transactions, empty)


def compare_with_memory(world: list[dict[str, Any]], sql: SqlTransactions, empty: Any) -> None:
    empty(sql)
    memory = MemoryTransactions(fixed_clock(), [], FakeChannels())
    memory.channels.sandbox.down = sql.channels.sandbox.down = True  # type: ignore[attr-defined]
    results, found = [], []
    for transactions in (memory, sql):
        build(transactions, world)
        results.append(classes(compare(transactions)))
        found.append(plain(transactions))
        again = classes(compare(transactions))
        assert (again, plain(transactions)) == (results[-1], found[-1]), "a second run changes something"
    assert results[0] == results[1]
    assert found[0] == found[1]
    check_sums(world, results[0])


def check_sums(world: list[dict[str, Any]], result: dict[tuple[str, str], tuple[int, int, int]]) -> None:
    """Every line has exactly one class: none is lost and none counted twice."""
    for kind, name in (("payment", "line"), ("refund", "refund_line")):
        lines = [trade[name] for trade in world if trade[name]]
        there = [result.get((kind, class_), (0, 0, 0)) for class_ in CLASSES if class_ != "missing_there"]
        assert sum(count for count, _, _ in there) == len(lines)
        assert sum(amount for _, amount, _ in there) == sum(line["amount"] for line in lines)


def plain(transactions: Any) -> list[Any]:
    """Differences without what only the time of the run and the import make of them."""
    return [
        replace(each, found_at=START, statement_id=each.statement_id and "stm", asked_at=None, resolved_at=None)
        for each in differences(transactions)
    ]


def build(transactions: Any, world: list[dict[str, Any]]) -> None:
    template = _template(transactions)
    lines = []
    with transactions.begin() as tx:
        for number, trade in enumerate(world):
            order = replace(
                template, order_id=f"pay_{number}", tenant=trade["tenant"], state=trade["state"],
                paid_minor=1000 if trade["state"] in states.REFUNDABLE | {states.REFUNDED} else 0,
                pay_code=str(number), payer_name="测试人甲",
            )
            if trade["is_known"]:
                tx.orders.add([order])
            entries = []
            if trade["payment"]:
                entries += _put_payment(tx, order, trade["payment"])
            if trade["refund"]:
                entries += _put_refund(tx, order, trade["refund"])
            tx.ledger.post(entries)
            if trade["line"]:
                lines.append(payment(
                    order.order_id, amount_minor=trade["line"]["amount"], status=trade["line"]["status"]))
            if trade["refund_line"]:
                lines.append(refund(
                    order.order_id, f"ref_{order.order_id}", trade["refund_line"]["amount"],
                    status=trade["refund_line"]["status"]))
    bring(transactions, *lines)
    assert statement(transactions).day == DAY


def _put_payment(tx: Any, order: Any, facts: dict[str, Any]) -> list[Any]:
    at = START + timedelta(hours=facts["hours"])
    other = replace(order, order_id="pay_other") if facts["of_another_order"] else order
    record = ChannelPayment(
        "sandbox", f"{order.order_id}/t1", order.tenant, other.order_id, facts["amount"], facts["currency"],
        facts["disposition"], at,
    )
    tx.channel_payments.add([record])
    if facts["ledger"] is None or facts["of_another_order"]:
        return []
    entry = postings.order_paid(other, "sandbox", at)
    if facts["disposition"] == SUSPENDED:
        entry = postings.late_money(other, "sandbox", record.trade_no, facts["ledger"], at)
    return [replace(entry, amount_minor=facts["ledger"])]


def _put_refund(tx: Any, order: Any, facts: dict[str, Any]) -> list[Any]:
    at = START + timedelta(hours=facts["hours"])
    made = Refund(
        f"ref_{order.order_id}", order.tenant, order.order_id, TO_PAYER, facts["state"], facts["amount"],
        facts["currency"], "测试", "sandbox", f"{order.order_id}/t1", at, at,
        completed_at=at if facts["state"] in (states.SUCCEEDED, states.REFUSED) else None,
    )
    tx.refunds.add([made])
    if facts["ledger"] is None:
        return []
    return [replace(postings.refund_done(order, made, at), amount_minor=facts["ledger"])]


def _template(transactions: Any) -> Any:
    order_id = make_orders(transactions)[0]["order_id"]
    with transactions.begin(TENANT) as tx:
        return tx.orders.get(TENANT, order_id)


def empty(transactions: SqlTransactions) -> None:
    with transactions.database.transaction(["*"]) as session:
        triggers = session.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        for name, _ in triggers:
            session.execute(text(f"DROP TRIGGER {name}"))
        for table in (
            "orders", "order_lines", "refunds", "channel_payments", "channel_events", "ledger_entries",
            "ledger_balances", "statements", "statement_lines", "reconciliation_differences",
        ):
            session.execute(text(f"DELETE FROM {table}"))  # noqa: S608
        for _, definition in triggers:
            session.execute(text(definition))
    assert isinstance(transactions.clock, FixedClock)
