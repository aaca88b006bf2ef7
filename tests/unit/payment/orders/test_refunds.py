from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.payment.channels.domain.channel import Notification, RefundStatus
from services.payment.channels.domain.errors import ChannelRefused
from services.payment.orders.domain.errors import (
    OrderNotRefundable,
    RefundAvailableChanged,
    RefundTooLarge,
    RefundUnknown,
)
from services.payment.orders.usecases.push_refund import push_refund
from services.payment.orders.usecases.scheduled import push_refunds
from shared_components.kernel.clock import FixedClock
from tests.unit.payment.steps import (
    apply,
    ask_refund,
    books,
    events_of,
    make_order,
    make_paid_order,
    order_of,
    refund_of,
)
from tests.unit.payment.world import TENANT, UNIT_CODE, FakeChannel

CLEARING, PAYABLE = "channel-clearing/sandbox", f"fiscal-payable/{UNIT_CODE}"


def push(transactions: Any, refund_id: str) -> None:
    push_refund(transactions, transactions.channels, TENANT, refund_id)


def test_a_refund_is_promised_at_once_and_made_by_the_channel_later(
    transactions: Any, channel: FakeChannel, recorded: list[dict[str, Any]]
) -> None:
    order_id = make_paid_order(transactions)
    refund = ask_refund(transactions, order_id, 400, available=1000)
    assert (refund["state"], channel.done_refunds) == ("requested", {})
    assert order_of(transactions, order_id)["refund_available_minor"] == 600
    assert books(transactions) == {CLEARING: 1000, PAYABLE: -600, "refunds-payable": -400}
    push(transactions, refund["refund_id"])
    order = order_of(transactions, order_id)
    assert (order["state"], order["refunded_minor"]) == ("partially_refunded", 400)
    assert refund_of(transactions, refund["refund_id"])["state"] == "succeeded"
    assert books(transactions) == {CLEARING: 600, PAYABLE: -600, "refunds-payable": 0}
    assert events_of(recorded, order_id)[-1] == ("order-refunded", 4)
    assert events_of(recorded, refund["refund_id"]) == [("refund-requested", 1), ("refund-succeeded", 2)]


def test_the_rest_makes_the_order_refunded(transactions: Any) -> None:
    order_id = make_paid_order(transactions)
    first, second = (
        ask_refund(transactions, order_id, 400, available=1000),
        ask_refund(transactions, order_id, 600, available=600),
    )
    push(transactions, second["refund_id"])
    assert order_of(transactions, order_id)["state"] == "partially_refunded"
    push(transactions, first["refund_id"])
    assert order_of(transactions, order_id)["state"] == "refunded"
    assert books(transactions) == {CLEARING: 0, PAYABLE: 0, "refunds-payable": 0}


def test_a_stale_belief_about_what_is_available_is_refused_with_412(transactions: Any) -> None:
    order_id = make_paid_order(transactions)
    ask_refund(transactions, order_id, 400, available=1000)
    with pytest.raises(RefundAvailableChanged, match="has 600") as caught:
        ask_refund(transactions, order_id, 400, available=1000)
    assert caught.value.http_status == 412
    assert caught.value.details == {"refund_available_minor": 600}


def test_a_refund_above_what_is_available_is_refused(transactions: Any) -> None:
    with pytest.raises(RefundTooLarge, match="1 to 1000"):
        ask_refund(transactions, make_paid_order(transactions), 1001, available=1000)


def test_an_unpaid_order_cannot_be_refunded(transactions: Any) -> None:
    with pytest.raises(OrderNotRefundable, match="'created'"):
        ask_refund(transactions, make_order(transactions), 1, available=0)


def test_storage_refuses_a_second_promise_of_the_same_money(transactions: Any) -> None:
    """Two refunds that both read the order before either wrote: the conditional update lets one through."""
    order_id = make_paid_order(transactions)
    with transactions.begin(TENANT) as tx:
        order = tx.orders.lock([order_id])[order_id]
        assert tx.orders.reserve_refund(order, 600)
        assert not tx.orders.reserve_refund(order, 600)


def test_done_but_unsaid_is_asked_and_not_done_again(
    transactions: Any, channel: FakeChannel, clock: FixedClock
) -> None:
    order_id = make_paid_order(transactions)
    refund_id = ask_refund(transactions, order_id, 1000, available=1000)["refund_id"]
    channel.asked.clear()
    channel.loses_replies = True
    push_refunds(transactions, transactions.channels)
    assert refund_of(transactions, refund_id)["state"] == "submitted"
    push_refunds(transactions, transactions.channels)  # too early: nothing is asked
    assert channel.asked == [("refund", refund_id)]
    clock.advance(timedelta(seconds=10))
    push_refunds(transactions, transactions.channels)
    assert channel.asked == [("refund", refund_id), ("refund_status", refund_id)]
    assert refund_of(transactions, refund_id)["state"] == "succeeded"


def test_a_refund_the_channel_never_heard_of_is_asked_for_again(
    transactions: Any, channel: FakeChannel, clock: FixedClock
) -> None:
    refund_id = ask_refund(transactions, make_paid_order(transactions), 1000, available=1000)["refund_id"]
    channel.down = True
    push_refunds(transactions, transactions.channels)
    channel.down = False
    clock.advance(timedelta(seconds=10))
    push_refunds(transactions, transactions.channels)
    assert channel.asked[-2:] == [("refund_status", refund_id), ("refund", refund_id)]
    assert refund_of(transactions, refund_id)["state"] == "succeeded"


def test_waits_grow_while_the_channel_is_silent(transactions: Any, channel: FakeChannel, clock: FixedClock) -> None:
    ask_refund(transactions, make_paid_order(transactions), 1000, available=1000)
    channel.asked.clear()
    channel.down = True
    for _ in range(360):
        push_refunds(transactions, transactions.channels)
        clock.advance(timedelta(seconds=10))
    assert len(channel.asked) == 12  # at 0, 10, 30, 50, … 190 and, half an hour later, 1990 s


def test_a_refund_that_the_channel_refuses_gives_the_promise_back(transactions: Any, channel: FakeChannel) -> None:
    order_id = make_paid_order(transactions)
    channel.refund_answer = RefundStatus("failed", failure="ACCOUNT_ABNORMAL")
    refund_id = ask_refund(transactions, order_id, 1000, available=1000)["refund_id"]
    push(transactions, refund_id)
    refund, order = refund_of(transactions, refund_id), order_of(transactions, order_id)
    assert (refund["state"], refund["failure"]) == ("failed", "ACCOUNT_ABNORMAL")
    assert (order["state"], order["refund_available_minor"]) == ("paid", 1000)
    assert books(transactions) == {CLEARING: 1000, PAYABLE: -1000, "refunds-payable": 0}


def test_a_refusal_is_a_failed_refund(transactions: Any, channel: FakeChannel) -> None:
    def refuse(request: Any) -> RefundStatus:
        raise ChannelRefused(details={"channel_code": "REFUND_TOO_LARGE"})

    channel.refund = refuse  # type: ignore[method-assign]
    refund_id = ask_refund(transactions, make_paid_order(transactions), 1000, available=1000)["refund_id"]
    push(transactions, refund_id)
    assert refund_of(transactions, refund_id)["failure"] == "REFUND_TOO_LARGE"


def test_the_channels_callback_concludes_a_refund_once(transactions: Any, channel: FakeChannel) -> None:
    order_id = make_paid_order(transactions)
    channel.refund_answer = RefundStatus("processing")
    refund_id = ask_refund(transactions, order_id, 1000, available=1000)["refund_id"]
    push(transactions, refund_id)
    assert refund_of(transactions, refund_id)["state"] == "submitted"
    word = Notification(
        "sandbox", "r1", "refund-succeeded", order_id, TENANT, f"{order_id}/t1", 1000, "CNY", refund_id=refund_id
    )
    assert apply(transactions, word) == [{"order_id": order_id, "state": "refunded", "applied": True}]
    assert apply(transactions, word)[0]["applied"] is False
    push(transactions, refund_id)
    assert books(transactions) == {CLEARING: 0, PAYABLE: 0, "refunds-payable": 0}


def test_an_unknown_refund_is_not_found(transactions: Any) -> None:
    with pytest.raises(RefundUnknown):
        refund_of(transactions, "ref_none")
