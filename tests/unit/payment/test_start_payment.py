from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.payment.domain.errors import ChannelUnavailable, ChannelUnknown, OrderNotPayable
from services.payment.usecases.orders import close_order
from services.payment.usecases.start_payment import start_payment
from shared_components.kernel.clock import FixedClock
from tests.unit.payment.steps import apply, make_order, order_of, paid_word, start
from tests.unit.payment.world import TENANT, FakeChannel, call


def test_starting_gives_the_payment_page_and_makes_the_order_pending(units: Any) -> None:
    order_id = make_order(units)
    reply = start(units, order_id)
    assert reply == {
        "order_id": order_id, "channel": "sandbox", "state": "pending", "pay_url": f"http://sandbox.test/pay/{order_id}"
    }
    assert order_of(units, order_id)["state"] == "pending"


def test_starting_again_gives_the_same_page_without_asking_the_channel(units: Any, channel: FakeChannel) -> None:
    order_id = make_order(units)
    assert start(units, order_id) == start(units, order_id)
    assert channel.asked == [("prepay", order_id)]


def test_no_transaction_is_open_while_the_channel_is_asked(units: Any, channel: FakeChannel) -> None:
    order_id = make_order(units)
    prepay = channel.prepay

    def prepay_and_look(request: Any) -> Any:
        order_of(units, order_id)  # a second writer on SQLite: would wait for ever inside a transaction
        return prepay(request)

    channel.prepay = prepay_and_look  # type: ignore[method-assign]
    assert start(units, order_id)["state"] == "pending"


def test_an_order_closed_while_the_channel_was_asked_is_not_started(units: Any, channel: FakeChannel) -> None:
    order_id = make_order(units)
    prepay = channel.prepay

    def prepay_and_close(request: Any) -> Any:
        with units.begin(TENANT) as unit:
            close_order(unit, call({"order_id": order_id}))
        return prepay(request)

    channel.prepay = prepay_and_close  # type: ignore[method-assign]
    with pytest.raises(OrderNotPayable, match="'closed'"):
        start(units, order_id)
    assert order_of(units, order_id)["state"] == "closed"


def test_a_silent_channel_leaves_the_order_as_it_was(units: Any, channel: FakeChannel) -> None:
    order_id = make_order(units)
    channel.down = True
    with pytest.raises(ChannelUnavailable):
        start(units, order_id)
    assert order_of(units, order_id)["state"] == "created"


def test_an_expired_or_paid_order_is_not_started(units: Any, clock: FixedClock) -> None:
    paid, old = make_order(units), make_order(units, expires_in_s=60)
    apply(units, paid_word(paid))
    clock.advance(timedelta(seconds=60))
    with pytest.raises(OrderNotPayable, match="expired"):
        start(units, old)
    with pytest.raises(OrderNotPayable, match="'paid'"):
        start(units, paid)


def test_an_unknown_channel_is_refused_before_anything_else(units: Any) -> None:
    with pytest.raises(ChannelUnknown, match="sandbox is available"):
        start_payment(units, units.channels, call({"order_id": "pay_x", "channel": "cash"}))
