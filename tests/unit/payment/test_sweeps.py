from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.payment.domain.channel import PaymentStatus, RefundStatus
from services.payment.domain.errors import ChannelRefused
from services.payment.usecases import sweeps
from services.payment.usecases.notifications import apply_notifications
from services.payment.usecases.orders import close_order
from services.payment.usecases.refunds import push_refund
from services.payment.usecases.sweeps import expire_orders, push_refunds, query_unanswered
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


def test_an_order_whose_callback_never_came_is_asked_about(units: Any, channel: FakeChannel, clock: FixedClock) -> None:
    order_id = make_order(units)
    start(units, order_id)
    channel.payments[order_id] = PaymentStatus("paid", f"{order_id}/t1", 1000, "CNY")
    query_unanswered(units, units.channels)
    assert order_of(units, order_id)["state"] == "pending"  # not yet: a callback gets its time
    clock.advance(timedelta(seconds=10))
    query_unanswered(units, units.channels)
    assert order_of(units, order_id)["state"] == "paid"
    assert apply(units, paid_word(order_id))[0]["applied"] is False  # the late callback is harmless


def test_questions_become_rarer_while_nothing_is_paid(units: Any, channel: FakeChannel, clock: FixedClock) -> None:
    start(units, make_order(units))
    channel.asked.clear()
    for _ in range(60):
        clock.advance(timedelta(seconds=10))
        query_unanswered(units, units.channels)
    assert len(channel.asked) == 5  # at 10, 30, 70, 150 and 310 s


def test_a_silent_channel_is_asked_again_later(units: Any, channel: FakeChannel, clock: FixedClock) -> None:
    order_id = make_order(units)
    start(units, order_id)
    channel.down = True
    clock.advance(timedelta(seconds=10))
    query_unanswered(units, units.channels)
    channel.down = False
    channel.payments[order_id] = PaymentStatus("failed")
    clock.advance(timedelta(seconds=20))
    query_unanswered(units, units.channels)
    assert order_of(units, order_id)["state"] == "failed"


@pytest.mark.parametrize("paid_first", [True, False])
def test_money_for_a_closed_order_is_found_though_its_callback_is_lost(
    units: Any, channel: FakeChannel, clock: FixedClock, paid_first: bool
) -> None:
    order_id = make_order(units, expires_in_s=600)
    start(units, order_id)
    channel.payments[order_id] = PaymentStatus("absent")  # nothing there that could be closed
    with units.begin(TENANT) as unit:
        close_order(unit, call({"order_id": order_id}))
    for step in range(60):
        if step == (0 if paid_first else 30):
            channel.payments[order_id] = PaymentStatus("paid", f"{order_id}/t1", 1000, "CNY")
        clock.advance(timedelta(seconds=30))
        query_unanswered(units, units.channels)
    assert order_of(units, order_id)["state"] == "closed"
    expected = {"channel-clearing/sandbox": 1000, "suspense": 0, "refunds-payable": -1000}
    assert books(units) == (expected if paid_first else {})


def test_an_order_closed_that_the_channel_never_heard_of_is_asked_about_until_it_can_no_longer_be_paid(
    units: Any, channel: FakeChannel, clock: FixedClock
) -> None:
    order_id = make_order(units, expires_in_s=60)
    start(units, order_id)
    channel.payments[order_id] = PaymentStatus("absent")
    with units.begin(TENANT) as unit:
        close_order(unit, call({"order_id": order_id}))
    for _ in range(60):
        clock.advance(timedelta(seconds=10))
        query_unanswered(units, units.channels)
    assert channel.asked.count(("payment", order_id)) == 3  # at 10, 30 and 70 s
    assert ("close", order_id) not in channel.asked


def test_an_order_closed_here_is_closed_at_the_channel_and_asked_about_no_more(
    units: Any, channel: FakeChannel, clock: FixedClock
) -> None:
    order_id = make_order(units)
    start(units, order_id)
    with units.begin(TENANT) as unit:
        close_order(unit, call({"order_id": order_id}))
    for _ in range(5):
        query_unanswered(units, units.channels)
        clock.advance(timedelta(minutes=10))
    assert channel.asked == [("prepay", order_id), ("payment", order_id), ("close", order_id)]
    assert order_of(units, order_id)["state"] == "closed"


def test_a_channel_that_refuses_to_close_is_asked_again(
    units: Any, channel: FakeChannel, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The payer was quicker: the money is found, and goes back."""
    order_id = make_order(units)
    start(units, order_id)
    with units.begin(TENANT) as unit:
        close_order(unit, call({"order_id": order_id}))

    def refuse(_order_id: str) -> None:
        channel.payments[order_id] = PaymentStatus("paid", f"{order_id}/t1", 1000, "CNY")
        raise ChannelRefused("it is paid", details={"channel_code": "ORDERPAID"})

    monkeypatch.setattr(channel, "close", refuse)
    query_unanswered(units, units.channels)
    clock.advance(timedelta(minutes=10))
    query_unanswered(units, units.channels)
    assert books(units) == {"channel-clearing/sandbox": 1000, "suspense": 0, "refunds-payable": -1000}


def test_a_channel_that_has_stopped_answering_is_left_alone_and_loses_nobody_an_attempt(
    units: Any, channels: FakeChannels, channel: FakeChannel, clock: FixedClock
) -> None:
    waiting, paid = make_order(units, expires_in_s=60), make_paid_order(units)
    start(units, waiting)
    refund_id = ask_refund(units, paid, 1000, available=1000)["refund_id"]
    channel.asked.clear()
    channels.left_alone.add("sandbox")
    for _ in range(20):
        clock.advance(timedelta(seconds=10))
        query_unanswered(units, units.channels)
        expire_orders(units, units.channels)
        push_refunds(units, units.channels)
        push_refund(units, units.channels, TENANT, refund_id)
    assert channel.asked == []
    assert order_of(units, waiting)["state"] == "pending"
    channels.left_alone.clear()
    push_refunds(units, units.channels)
    expire_orders(units, units.channels)
    assert channel.asked == [("refund", refund_id), ("payment", waiting)]  # the first attempt of each, at once
    assert order_of(units, waiting)["state"] == "expired"
    assert refund_of(units, refund_id)["state"] == "succeeded"


def test_a_word_that_a_refund_has_changed_has_the_channel_asked_and_decides_nothing(
    units: Any, channel: FakeChannel, clock: FixedClock
) -> None:
    order_id = make_paid_order(units)
    refund_id = ask_refund(units, order_id, 600, available=1000)["refund_id"]
    channel.refund_answer = RefundStatus("processing")
    push_refunds(units, units.channels)
    channel.done_refunds[refund_id] = RefundStatus("succeeded")
    word = paid_word(order_id, event="e-refund", kind="refund-changed", refund_id=refund_id, amount_minor=0)
    assert apply(units, word) == [{"order_id": order_id, "state": "paid", "applied": False}]
    assert refund_of(units, refund_id)["state"] == "submitted"
    push_refunds(units, units.channels)  # due at once, though its turn was in ten seconds
    assert refund_of(units, refund_id)["state"] == "succeeded"


def test_a_signed_word_on_a_refund_that_names_no_tenant_finds_it(units: Any) -> None:
    order_id = make_paid_order(units)
    refund_id = ask_refund(units, order_id, 600, available=1000)["refund_id"]
    word = paid_word(order_id, event="e-refund", kind="refund-succeeded", refund_id=refund_id, amount_minor=600)
    with units.begin(OTHER_TENANT) as unit:  # the tenant of the gateway's call says nothing
        replies = apply_notifications(unit, [replace(word, tenant=None)])
    assert replies == [{"order_id": order_id, "state": "partially_refunded", "applied": True}]
    nobodys = replace(word, tenant=None, event_id="e2", refund_id="ref_none")
    assert apply(units, nobodys)[0].code in ("payment.refund-unknown", "payment.order-unknown")


def test_an_answer_with_another_amount_pays_nothing(units: Any, channel: FakeChannel, clock: FixedClock) -> None:
    order_id = make_order(units)
    start(units, order_id)
    channel.payments[order_id] = PaymentStatus("paid", f"{order_id}/t1", 1, "CNY")
    clock.advance(timedelta(seconds=10))
    query_unanswered(units, units.channels)
    query_unanswered(units, units.channels)
    assert channel.asked.count(("payment", order_id)) == 1  # nor is it asked for again at once
    assert order_of(units, order_id)["state"] == "pending"
    assert books(units) == {}


def test_an_order_nobody_started_expires_in_time(
    units: Any, clock: FixedClock, recorded: list[dict[str, Any]]
) -> None:
    order_id, paid = make_order(units, expires_in_s=60), make_paid_order(units)
    clock.advance(timedelta(seconds=59))
    expire_orders(units, units.channels)
    assert order_of(units, order_id)["state"] == "created"
    clock.advance(timedelta(seconds=1))
    expire_orders(units, units.channels)
    expire_orders(units, units.channels)
    assert order_of(units, order_id)["state"] == "expired"
    assert order_of(units, paid)["state"] == "paid"
    assert [event["data"]["state"] for event in recorded if event["type"] == "order-closed"] == ["expired"]


def test_a_pending_order_expires_only_when_the_channel_says_it_is_unpaid(
    units: Any, channel: FakeChannel, clock: FixedClock
) -> None:
    unpaid, paid = make_order(units, expires_in_s=60), make_order(units, expires_in_s=60)
    start(units, unpaid)
    start(units, paid)
    channel.payments[paid] = PaymentStatus("paid", f"{paid}/t1", 1000, "CNY")
    clock.advance(timedelta(seconds=60))
    channel.down = True
    expire_orders(units, units.channels)
    assert order_of(units, unpaid)["state"] == "pending"
    channel.down = False
    clock.advance(timedelta(seconds=20))
    expire_orders(units, units.channels)
    assert order_of(units, unpaid)["state"] == "expired"
    assert order_of(units, paid)["state"] == "paid"


def started_elsewhere(units: Any, order_id: str, clock: FixedClock) -> None:
    """At a channel that the settings no longer name."""
    with units.begin(TENANT) as unit:
        order = unit.orders.get(TENANT, order_id)
        unit.orders.mark_pending(order, channel="gone", pay_url="https://gone.test/", query_at=clock.now())


def test_an_order_that_cannot_be_asked_about_holds_up_no_other(
    units: Any, channel: FakeChannel, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    stuck, good = make_order(units, expires_in_s=3600), make_order(units, expires_in_s=3600)
    started_elsewhere(units, stuck, clock)
    start(units, good)
    channel.payments[good] = PaymentStatus("paid", f"{good}/t1", 1000, "CNY")
    clock.advance(timedelta(seconds=10))
    query_unanswered(units, units.channels)
    query_unanswered(units, units.channels)  # it is not due again at once
    assert order_of(units, good)["state"] == "paid"
    assert order_of(units, stuck)["state"] == "pending"
    put_off = [record for record in caplog.records if record.message == "payment.order.put_off"]
    assert [(r.order_id, r.code) for r in put_off] == [(stuck, "payment.channel-unknown")]  # type: ignore[attr-defined]
    clock.advance(timedelta(seconds=20))
    query_unanswered(units, units.channels)
    assert len([record for record in caplog.records if record.message == "payment.order.put_off"]) == 2


def test_orders_that_cannot_be_expired_hold_up_no_other(
    units: Any, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, broken, fresh = (make_order(units, expires_in_s=60) for _ in range(3))
    started_elsewhere(units, stuck, clock)
    end = sweeps.end_order
    fails = [broken]

    def end_order(unit: Any, order: Any, state: str) -> None:
        if order.order_id in fails:
            raise RuntimeError("a bug")
        end(unit, order, state)

    monkeypatch.setattr(sweeps, "end_order", end_order)
    clock.advance(timedelta(seconds=60))
    expire_orders(units, units.channels)
    assert [order_of(units, each)["state"] for each in (stuck, broken, fresh)] == ["pending", "created", "expired"]
    fails.clear()
    expire_orders(units, units.channels)
    query_unanswered(units, units.channels)
    assert order_of(units, broken)["state"] == "created"  # its turn is later
    clock.advance(timedelta(seconds=20))
    query_unanswered(units, units.channels)  # nobody is asked of an order without a channel
    expire_orders(units, units.channels)
    assert order_of(units, broken)["state"] == "expired"


def test_a_refund_that_cannot_be_pushed_holds_up_no_other(
    units: Any, channel: FakeChannel, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, good = (ask_refund(units, make_paid_order(units), 400, available=1000)["refund_id"] for _ in range(2))
    refund = channel.refund

    def fail_once(request: Any) -> RefundStatus:
        if request.refund_id == stuck and not channel.asked.count(("refund_status", stuck)):
            raise RuntimeError("a bug")
        return refund(request)

    monkeypatch.setattr(channel, "refund", fail_once)
    push_refunds(units, units.channels)
    assert [refund_of(units, each)["state"] for each in (stuck, good)] == ["submitted", "succeeded"]
    clock.advance(timedelta(seconds=20))
    push_refunds(units, units.channels)
    assert refund_of(units, stuck)["state"] == "succeeded"
