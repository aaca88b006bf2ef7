from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from services.payment.common.domain.amounts import LARGEST_ORDER_MINOR
from services.payment.fees.domain.errors import FeeItemUnknown
from services.payment.fees.usecases.fee_items import put_fee_item
from services.payment.orders.domain.errors import FeeItemsMixed, OrderNotClosable, OrderTooLarge, OrderUnknown
from services.payment.orders.usecases.close_order import CloseOrder, close_order
from services.payment.orders.usecases.create_orders import create_orders
from services.payment.orders.usecases.read_orders import GetOrder, ListOrders, get_orders, list_orders
from services.payment.receipts.domain.capital_amount import capital_amount
from shared_components.kernel.clock import FixedClock
from tests.outcomes import done, one
from tests.unit.payment.steps import apply, events_of, make_order, make_orders, order_of, paid_word, start
from tests.unit.payment.world import OTHER_TENANT, START, TENANT, UNIT_CODE, call, fee_item_call, order_call


def test_the_price_is_computed_here_from_item_and_quantity(transactions: Any) -> None:
    make_orders(transactions)
    with transactions.begin(TENANT) as tx:
        put_fee_item(tx, *fee_item_call(item_code="B", price_minor=250))
        lines = [{"item_code": "B", "quantity": 3}, {"item_code": fee_item_call().data.item_code}]
        order = one(create_orders(tx, [order_call(lines=lines)]))
    assert order["amount_minor"] == 1750
    assert [line["amount_minor"] for line in order["lines"]] == [750, 1000]
    assert order_of(transactions, order["order_id"])["lines"] == order["lines"]


def test_a_new_order_is_created_and_says_so(transactions: Any, recorded: list[dict[str, Any]]) -> None:
    (order,) = make_orders(transactions, reference="case_1", metadata={"step": "pay"}, expires_in_s=600)
    assert order["state"] == "created"
    assert order["expires_at"] - order["created_at"] == timedelta(seconds=600)
    assert (order["collecting_unit"], order["refund_available_minor"], order["paid_at"]) == (UNIT_CODE, 0, None)
    (event,) = [event for event in recorded if event["type"] == "order-created"]
    assert (event["data"]["reference"], event["data"]["metadata"]) == ("case_1", {"step": "pay"})
    assert order_of(transactions, order["order_id"]) == order


def test_pay_codes_have_20_digits_and_never_repeat(transactions: Any) -> None:
    codes = [order["pay_code"] for _ in range(3) for order in make_orders(transactions, 400)]
    assert all(re.fullmatch(r"33010625301?\d{9,10}", code) and len(code) == 20 for code in codes)
    assert len(set(codes)) == len(codes)


def test_the_year_of_a_pay_code_is_the_year_in_china(transactions: Any, clock: FixedClock) -> None:
    clock.advance(START.replace(month=12, day=31, hour=16, minute=30) - START)
    assert make_orders(transactions)[0]["pay_code"].startswith("33010626")


def test_a_bad_order_does_not_touch_its_neighbours(transactions: Any) -> None:
    make_orders(transactions)
    with transactions.begin(TENANT) as tx:
        put_fee_item(tx, *fee_item_call(item_code="else", division="330108"))
        unknown = order_call(lines=[{"item_code": "nowhere"}])
        mixed = order_call(lines=[{"item_code": "else"}, {"item_code": fee_item_call().data.item_code}])
        first, second, third, fourth = create_orders(tx, [order_call(), unknown, mixed, order_call()])
    assert isinstance(second, FeeItemUnknown)
    assert isinstance(third, FeeItemsMixed)
    assert (
        order_of(transactions, done(first)["order_id"])["pay_code"]
        != order_of(transactions, done(fourth)["order_id"])["pay_code"]
    )


def test_an_order_is_never_larger_than_the_books_have_room_for(transactions: Any, clock: FixedClock) -> None:
    """Line by line each is allowed; the late fee doubles them."""
    half = LARGEST_ORDER_MINOR // 2
    late = {"item_code": "late", "limit_date": "2020-01-01"}
    with transactions.begin(TENANT) as tx:
        put_fee_item(tx, *fee_item_call(item_code="late", price_minor=half, late_fee_ppm=1_000_000))
        put_fee_item(tx, *fee_item_call(item_code="cent", price_minor=1))
        put_fee_item(tx, *fee_item_call(item_code="most", price_minor=LARGEST_ORDER_MINOR))
        replies = create_orders(tx, [order_call(lines=lines) for lines in (
            [late], [late, {"item_code": "cent"}], [{"item_code": "most", "quantity": 100_000}] * 50,
        )])
    largest, larger, many = replies
    assert done(largest)["amount_minor"] == LARGEST_ORDER_MINOR
    assert isinstance(larger, OrderTooLarge) and isinstance(many, OrderTooLarge)
    assert larger.details == {"amount_minor": LARGEST_ORDER_MINOR + 1, "limit_minor": LARGEST_ORDER_MINOR}
    assert capital_amount(LARGEST_ORDER_MINOR) == "壹佰亿元整"


def test_a_group_of_nothing_but_bad_orders_fails_each(transactions: Any) -> None:
    with transactions.begin(TENANT) as tx:
        replies = create_orders(tx, [order_call(), order_call()])
    assert [type(reply) for reply in replies] == [FeeItemUnknown, FeeItemUnknown]


def test_one_group_serves_several_tenants_each_with_its_own_items(transactions: Any) -> None:
    make_orders(transactions)
    with transactions.begin() as tx:
        mine, theirs = create_orders(tx, [order_call(), order_call(OTHER_TENANT)])
    assert done(mine)["state"] == "created"
    assert isinstance(theirs, FeeItemUnknown)


def test_another_tenants_order_does_not_exist(transactions: Any) -> None:
    order_id = make_order(transactions)
    with pytest.raises(OrderUnknown), transactions.begin(OTHER_TENANT) as tx:
        one(get_orders(tx, [call(GetOrder(order_id=order_id), tenant=OTHER_TENANT)]))


def test_orders_are_listed_newest_first_in_pages(transactions: Any) -> None:
    made = [make_order(transactions, reference="r") for _ in range(5)]
    make_order(transactions, reference="other")
    seen: list[str] = []
    after = None
    for _ in range(3):
        with transactions.begin(TENANT) as tx:
            shown = one(list_orders(tx, [call(ListOrders(limit=2, after=after, reference="r"))]))
        seen += [order["order_id"] for order in shown.items]
        assert all(order["lines"] for order in shown.items)
        after = shown.next
    assert seen == made[::-1]
    assert after is None


def test_orders_are_listed_by_state_and_payer(transactions: Any) -> None:
    make_order(transactions)
    mine = make_order(transactions, payer_subject="sub_1")
    started = make_order(transactions)
    start(transactions, started)
    with transactions.begin(TENANT) as tx:
        by_payer = one(list_orders(tx, [call(ListOrders(limit=20, payer_subject="sub_1"))])).items
        by_state = one(list_orders(tx, [call(ListOrders(limit=20, state="pending"))])).items
    assert [order["order_id"] for order in by_payer] == [mine]
    assert [order["order_id"] for order in by_state] == [started]


def test_an_order_that_nobody_will_pay_is_closed_once(transactions: Any, recorded: list[dict[str, Any]]) -> None:
    order_id = make_order(transactions)
    start(transactions, order_id)
    with transactions.begin(TENANT) as tx:
        assert close_order(tx, *call(CloseOrder(order_id=order_id)))["state"] == "closed"
    with pytest.raises(OrderNotClosable, match="'closed'; only"), transactions.begin(TENANT) as tx:
        close_order(tx, *call(CloseOrder(order_id=order_id)))
    assert events_of(recorded, order_id) == [("order-created", 1), ("payment-started", 2), ("order-closed", 3)]


def test_a_paid_order_cannot_be_closed(transactions: Any) -> None:
    order_id = make_order(transactions)
    apply(transactions, paid_word(order_id))
    with pytest.raises(OrderNotClosable), transactions.begin(TENANT) as tx:
        close_order(tx, *call(CloseOrder(order_id=order_id)))
