from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.payment.channels.domain.channel import PaymentStatus, RefundStatus
from services.payment.channels.domain.errors import ChannelRefused
from services.payment.orders.usecases import scheduled
from services.payment.orders.usecases.close_order import CloseOrder, close_order
from services.payment.orders.usecases.close_order import end_order as ending
from services.payment.orders.usecases.notifications import apply_notifications
from services.payment.orders.usecases.push_refund import push_refund
from services.payment.orders.usecases.scheduled import expire_orders, push_refunds, query_unanswered
from shared_components.kernel.clock import FixedClock
from tests.unit.payment.steps import (
    apply,
    ask_refund,
    books,
    make_order,
    make_paid_order,
    order_of,
    paid_word,
    refund_of,
    start,
)
from tests.unit.payment.world import OTHER_TENANT, TENANT, FakeChannel, FakeChannels, call


def test_an_order_whose_callback_never_came_is_asked_about(
    transactions: Any, channel: FakeChannel, clock: FixedClock
) -> None:
    order_id = make_order(transactions)
    start(transactions, order_id)
    channel.payments[order_id] = PaymentStatus("paid", f"{order_id}/t1", 1000, "CNY")
    query_unanswered(transactions, transactions.channels)
    assert order_of(transactions, order_id)["state"] == "pending"  # not yet: a callback gets its time
    clock.advance(timedelta(seconds=10))
    query_unanswered(transactions, transactions.channels)
    assert order_of(transactions, order_id)["state"] == "paid"
    assert apply(transactions, paid_word(order_id))[0]["applied"] is False  # the late callback is harmless


def test_questions_become_rarer_while_nothing_is_paid(
    transactions: Any, channel: FakeChannel, clock: FixedClock
) -> None:
    start(transactions, make_order(transactions))
    channel.asked.clear()
    for _ in range(60):
        clock.advance(timedelta(seconds=10))
        query_unanswered(transactions, transactions.channels)
    assert len(channel.asked) == 5  # at 10, 30, 70, 150 and 310 s


def test_a_silent_channel_is_asked_again_later(transactions: Any, channel: FakeChannel, clock: FixedClock) -> None:
    order_id = make_order(transactions)
    start(transactions, order_id)
    channel.down = True
    clock.advance(timedelta(seconds=10))
    query_unanswered(transactions, transactions.channels)
    channel.down = False
    channel.payments[order_id] = PaymentStatus("failed")
    clock.advance(timedelta(seconds=20))
    query_unanswered(transactions, transactions.channels)
    assert order_of(transactions, order_id)["state"] == "failed"


@pytest.mark.parametrize("paid_first", [True, False])
def test_money_for_a_closed_order_is_found_though_its_callback_is_lost(
    transactions: Any, channel: FakeChannel, clock: FixedClock, paid_first: bool
) -> None:
    order_id = make_order(transactions, expires_in_s=600)
    start(transactions, order_id)
    channel.payments[order_id] = PaymentStatus("absent")  # nothing there that could be closed
    with transactions.begin(TENANT) as tx:
        close_order(tx, *call(CloseOrder(order_id=order_id)))
    for step in range(60):
        if step == (0 if paid_first else 30):
            channel.payments[order_id] = PaymentStatus("paid", f"{order_id}/t1", 1000, "CNY")
        clock.advance(timedelta(seconds=30))
        query_unanswered(transactions, transactions.channels)
    assert order_of(transactions, order_id)["state"] == "closed"
    expected = {"channel-clearing/sandbox": 1000, "suspense": 0, "refunds-payable": -1000}
    assert books(transactions) == (expected if paid_first else {})


def test_an_order_closed_that_the_channel_never_heard_of_is_asked_about_until_it_can_no_longer_be_paid(
    transactions: Any, channel: FakeChannel, clock: FixedClock
) -> None:
    order_id = make_order(transactions, expires_in_s=60)
    start(transactions, order_id)
    channel.payments[order_id] = PaymentStatus("absent")
    with transactions.begin(TENANT) as tx:
        close_order(tx, *call(CloseOrder(order_id=order_id)))
    for _ in range(60):
        clock.advance(timedelta(seconds=10))
        query_unanswered(transactions, transactions.channels)
    assert channel.asked.count(("payment", order_id)) == 3  # at 10, 30 and 70 s
    assert ("close", order_id) not in channel.asked


def test_an_order_closed_here_is_closed_at_the_channel_and_asked_about_no_more(
    transactions: Any, channel: FakeChannel, clock: FixedClock
) -> None:
    order_id = make_order(transactions)
    start(transactions, order_id)
    with transactions.begin(TENANT) as tx:
        close_order(tx, *call(CloseOrder(order_id=order_id)))
    for _ in range(5):
        query_unanswered(transactions, transactions.channels)
        clock.advance(timedelta(minutes=10))
    assert channel.asked == [("prepay", order_id), ("payment", order_id), ("close", order_id)]
    assert order_of(transactions, order_id)["state"] == "closed"


def test_a_channel_that_refuses_to_close_is_asked_again(
    transactions: Any, channel: FakeChannel, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The payer was quicker: the money is found, and goes back."""
    order_id = make_order(transactions)
    start(transactions, order_id)
    with transactions.begin(TENANT) as tx:
        close_order(tx, *call(CloseOrder(order_id=order_id)))

    def refuse(_order_id: str) -> None:
        channel.payments[order_id] = PaymentStatus("paid", f"{order_id}/t1", 1000, "CNY")
        raise ChannelRefused("it is paid", details={"channel_code": "ORDERPAID"})

    monkeypatch.setattr(channel, "close", refuse)
    query_unanswered(transactions, transactions.channels)
    clock.advance(timedelta(minutes=10))
    query_unanswered(transactions, transactions.channels)
    assert books(transactions) == {"channel-clearing/sandbox": 1000, "suspense": 0, "refunds-payable": -1000}


def test_a_channel_that_has_stopped_answering_is_left_alone_and_loses_nobody_an_attempt(
    transactions: Any, channels: FakeChannels, channel: FakeChannel, clock: FixedClock
) -> None:
    waiting, paid = make_order(transactions, expires_in_s=60), make_paid_order(transactions)
    start(transactions, waiting)
    refund_id = ask_refund(transactions, paid, 1000, available=1000)["refund_id"]
    channel.asked.clear()
    channels.left_alone.add("sandbox")
    for _ in range(20):
        clock.advance(timedelta(seconds=10))
        query_unanswered(transactions, transactions.channels)
        expire_orders(transactions, transactions.channels)
        push_refunds(transactions, transactions.channels)
        push_refund(transactions, transactions.channels, TENANT, refund_id)
    assert channel.asked == []
    assert order_of(transactions, waiting)["state"] == "pending"
    channels.left_alone.clear()
    push_refunds(transactions, transactions.channels)
    expire_orders(transactions, transactions.channels)
    assert channel.asked == [("refund", refund_id), ("payment", waiting)]  # the first attempt of each, at once
    assert order_of(transactions, waiting)["state"] == "expired"
    assert refund_of(transactions, refund_id)["state"] == "succeeded"


def test_a_word_that_a_refund_has_changed_has_the_channel_asked_and_decides_nothing(
    transactions: Any, channel: FakeChannel, clock: FixedClock
) -> None:
    order_id = make_paid_order(transactions)
    refund_id = ask_refund(transactions, order_id, 600, available=1000)["refund_id"]
    channel.refund_answer = RefundStatus("processing")
    push_refunds(transactions, transactions.channels)
    channel.done_refunds[refund_id] = RefundStatus("succeeded")
    word = paid_word(order_id, event="e-refund", kind="refund-changed", refund_id=refund_id, amount_minor=0)
    assert apply(transactions, word) == [{"order_id": order_id, "state": "paid", "applied": False}]
    assert refund_of(transactions, refund_id)["state"] == "submitted"
    push_refunds(transactions, transactions.channels)  # due at once, though its turn was in ten seconds
    assert refund_of(transactions, refund_id)["state"] == "succeeded"


def test_a_signed_word_on_a_refund_that_names_no_tenant_finds_it(transactions: Any) -> None:
    order_id = make_paid_order(transactions)
    refund_id = ask_refund(transactions, order_id, 600, available=1000)["refund_id"]
    word = paid_word(order_id, event="e-refund", kind="refund-succeeded", refund_id=refund_id, amount_minor=600)
    with transactions.begin(OTHER_TENANT) as tx:  # the tenant of the gateway's call says nothing
        replies = apply_notifications(tx, [replace(word, tenant=None)])
    assert replies == [{"order_id": order_id, "state": "partially_refunded", "applied": True}]
    nobodys = replace(word, tenant=None, event_id="e2", refund_id="ref_none")
    assert apply(transactions, nobodys)[0].code in ("payment.refund-unknown", "payment.order-unknown")


def test_an_answer_with_another_amount_pays_nothing(transactions: Any, channel: FakeChannel, clock: FixedClock) -> None:
    order_id = make_order(transactions)
    start(transactions, order_id)
    channel.payments[order_id] = PaymentStatus("paid", f"{order_id}/t1", 1, "CNY")
    clock.advance(timedelta(seconds=10))
    query_unanswered(transactions, transactions.channels)
    query_unanswered(transactions, transactions.channels)
    assert channel.asked.count(("payment", order_id)) == 1  # nor is it asked for again at once
    assert order_of(transactions, order_id)["state"] == "pending"
    assert books(transactions) == {}


def test_an_order_nobody_started_expires_in_time(
    transactions: Any, clock: FixedClock, recorded: list[dict[str, Any]]
) -> None:
    order_id, paid = make_order(transactions, expires_in_s=60), make_paid_order(transactions)
    clock.advance(timedelta(seconds=59))
    expire_orders(transactions, transactions.channels)
    assert order_of(transactions, order_id)["state"] == "created"
    clock.advance(timedelta(seconds=1))
    expire_orders(transactions, transactions.channels)
    expire_orders(transactions, transactions.channels)
    assert order_of(transactions, order_id)["state"] == "expired"
    assert order_of(transactions, paid)["state"] == "paid"
    assert [event["data"]["state"] for event in recorded if event["type"] == "order-closed"] == ["expired"]


def test_a_pending_order_expires_only_when_the_channel_says_it_is_unpaid(
    transactions: Any, channel: FakeChannel, clock: FixedClock
) -> None:
    unpaid, paid = make_order(transactions, expires_in_s=60), make_order(transactions, expires_in_s=60)
    start(transactions, unpaid)
    start(transactions, paid)
    channel.payments[paid] = PaymentStatus("paid", f"{paid}/t1", 1000, "CNY")
    clock.advance(timedelta(seconds=60))
    channel.down = True
    expire_orders(transactions, transactions.channels)
    assert order_of(transactions, unpaid)["state"] == "pending"
    channel.down = False
    clock.advance(timedelta(seconds=20))
    expire_orders(transactions, transactions.channels)
    assert order_of(transactions, unpaid)["state"] == "expired"
    assert order_of(transactions, paid)["state"] == "paid"


def started_elsewhere(transactions: Any, order_id: str, clock: FixedClock) -> None:
    """At a channel that the settings no longer name."""
    with transactions.begin(TENANT) as tx:
        order = tx.orders.get(TENANT, order_id)
        gone = replace(order, state="pending", channel="gone", pay_url="https://gone.test/")
        tx.orders.mark_pending([gone], query_at=clock.now())


def test_an_order_that_cannot_be_asked_about_holds_up_no_other(
    transactions: Any, channel: FakeChannel, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    stuck, good = make_order(transactions, expires_in_s=3600), make_order(transactions, expires_in_s=3600)
    started_elsewhere(transactions, stuck, clock)
    start(transactions, good)
    channel.payments[good] = PaymentStatus("paid", f"{good}/t1", 1000, "CNY")
    clock.advance(timedelta(seconds=10))
    query_unanswered(transactions, transactions.channels)
    query_unanswered(transactions, transactions.channels)  # it is not due again at once
    assert order_of(transactions, good)["state"] == "paid"
    assert order_of(transactions, stuck)["state"] == "pending"
    put_off = [record for record in caplog.records if record.message == "payment.order.put_off"]
    assert [(r.order_id, r.code) for r in put_off] == [(stuck, "payment.channel-unknown")]  # type: ignore[attr-defined]
    clock.advance(timedelta(seconds=20))
    query_unanswered(transactions, transactions.channels)
    assert len([record for record in caplog.records if record.message == "payment.order.put_off"]) == 2


def test_orders_that_cannot_be_expired_hold_up_no_other(
    transactions: Any, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, broken, fresh = (make_order(transactions, expires_in_s=60) for _ in range(3))
    started_elsewhere(transactions, stuck, clock)
    fails = [broken]

    def end_order(tx: Any, order: Any, state: str) -> None:
        if order.order_id in fails:
            raise RuntimeError("a bug")
        ending(tx, order, state)

    monkeypatch.setattr(scheduled, "end_order", end_order)
    clock.advance(timedelta(seconds=60))
    expire_orders(transactions, transactions.channels)
    assert [order_of(transactions, each)["state"] for each in (stuck, broken, fresh)] == [
        "pending",
        "created",
        "expired",
    ]
    fails.clear()
    expire_orders(transactions, transactions.channels)
    query_unanswered(transactions, transactions.channels)
    assert order_of(transactions, broken)["state"] == "created"  # its turn is later
    clock.advance(timedelta(seconds=20))
    query_unanswered(transactions, transactions.channels)  # nobody is asked of an order without a channel
    expire_orders(transactions, transactions.channels)
    assert order_of(transactions, broken)["state"] == "expired"


def test_a_refund_that_cannot_be_pushed_holds_up_no_other(
    transactions: Any, channel: FakeChannel, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, good = (
        ask_refund(transactions, make_paid_order(transactions), 400, available=1000)["refund_id"] for _ in range(2)
    )
    refund = channel.refund

    def fail_once(request: Any) -> RefundStatus:
        if request.refund_id == stuck and not channel.asked.count(("refund_status", stuck)):
            raise RuntimeError("a bug")
        return refund(request)

    monkeypatch.setattr(channel, "refund", fail_once)
    push_refunds(transactions, transactions.channels)
    assert [refund_of(transactions, each)["state"] for each in (stuck, good)] == ["submitted", "succeeded"]
    clock.advance(timedelta(seconds=20))
    push_refunds(transactions, transactions.channels)
    assert refund_of(transactions, stuck)["state"] == "succeeded"
