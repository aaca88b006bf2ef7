from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.payment.channels.domain.errors import ChannelUnavailable, ChannelUnknown
from services.payment.orders.domain.errors import OrderNotPayable
from services.payment.orders.usecases.close_order import CloseOrder, close_order
from services.payment.orders.usecases.start_payment import StartPayment, start_payments
from shared_components.kernel.clock import FixedClock
from shared_components.kernel.errors import AppError
from tests.outcomes import done, one
from tests.unit.payment.steps import apply, make_order, order_of, paid_word, start
from tests.unit.payment.world import TENANT, FakeChannel, call


def test_starting_gives_the_payment_page_and_makes_the_order_pending(transactions: Any) -> None:
    order_id = make_order(transactions)
    reply = start(transactions, order_id)
    assert reply == {
        "order_id": order_id, "channel": "sandbox", "state": "pending", "pay_url": f"http://sandbox.test/pay/{order_id}"
    }
    assert order_of(transactions, order_id)["state"] == "pending"


def test_starting_again_gives_the_same_page_without_asking_the_channel(transactions: Any, channel: FakeChannel) -> None:
    order_id = make_order(transactions)
    assert start(transactions, order_id) == start(transactions, order_id)
    assert channel.asked == [("prepay", order_id)]


def test_no_transaction_is_open_while_the_channel_is_asked(transactions: Any, channel: FakeChannel) -> None:
    order_id = make_order(transactions)
    prepay = channel.prepay

    def prepay_and_look(request: Any) -> Any:
        order_of(transactions, order_id)  # a second writer on SQLite: would wait for ever inside a transaction
        return prepay(request)

    channel.prepay = prepay_and_look  # type: ignore[method-assign]
    assert start(transactions, order_id)["state"] == "pending"


def test_an_order_closed_while_the_channel_was_asked_is_not_started(transactions: Any, channel: FakeChannel) -> None:
    order_id = make_order(transactions)
    prepay = channel.prepay

    def prepay_and_close(request: Any) -> Any:
        with transactions.begin(TENANT) as tx:
            close_order(tx, *call(CloseOrder(order_id=order_id)))
        return prepay(request)

    channel.prepay = prepay_and_close  # type: ignore[method-assign]
    with pytest.raises(OrderNotPayable, match="'closed'"):
        start(transactions, order_id)
    assert order_of(transactions, order_id)["state"] == "closed"


def test_a_silent_channel_leaves_the_order_as_it_was(transactions: Any, channel: FakeChannel) -> None:
    order_id = make_order(transactions)
    channel.down = True
    with pytest.raises(ChannelUnavailable):
        start(transactions, order_id)
    assert order_of(transactions, order_id)["state"] == "created"


def test_an_expired_or_paid_order_is_not_started(transactions: Any, clock: FixedClock) -> None:
    paid, old = make_order(transactions), make_order(transactions, expires_in_s=60)
    apply(transactions, paid_word(paid))
    clock.advance(timedelta(seconds=60))
    with pytest.raises(OrderNotPayable, match="expired"):
        start(transactions, old)
    with pytest.raises(OrderNotPayable, match="'paid'"):
        start(transactions, paid)


def test_an_unknown_channel_is_refused_before_anything_else(transactions: Any) -> None:
    with pytest.raises(ChannelUnknown, match="sandbox is available"):
        one(start_payments(
            transactions, transactions.channels, [call(StartPayment(order_id="pay_x", channel="cash"))]))


def test_a_group_is_started_together_and_each_call_has_its_own_outcome(transactions: Any, channel: FakeChannel) -> None:
    orders = [make_order(transactions) for _ in range(3)]
    refused = make_order(transactions)
    apply(transactions, paid_word(refused))
    asked = [*orders, refused, "pay_x"]
    outcomes = start_payments(
        transactions, transactions.channels, [call(StartPayment(order_id=order_id)) for order_id in asked])
    assert [done(each)["pay_url"] for each in outcomes[:3]] == [
        f"http://sandbox.test/pay/{order_id}" for order_id in orders]
    assert [type(each).__name__ for each in outcomes[3:]] == ["OrderNotPayable", "OrderUnknown"]
    assert channel.asked == [("prepay", order_id) for order_id in orders]


def test_an_order_twice_in_a_group_moves_once(transactions: Any) -> None:
    order_id = make_order(transactions)
    first, second = start_payments(
        transactions, transactions.channels, [call(StartPayment(order_id=order_id)) for _ in range(2)])
    assert first == second
    assert order_of(transactions, order_id)["state"] == "pending"


def test_a_group_is_two_transactions_when_the_channel_answers_together(transactions: Any) -> None:
    calls = [call(StartPayment(order_id=make_order(transactions))) for _ in range(4)]
    begun: list[Any] = []

    class Counted:
        def begin_for(self, tenants: Any) -> Any:
            begun.append(tenants)
            return transactions.begin_for(tenants)

    def together(ask: Any, indices: Any) -> Any:
        yield [(index, ask(index)) for index in indices]

    outcomes = start_payments(Counted(), transactions.channels, calls, together)
    assert {one["state"] for one in outcomes if not isinstance(one, AppError)} == {"pending"}
    assert len(begun) == 2
