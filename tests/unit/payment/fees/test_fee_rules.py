"""Late fees and limits of fee items: exact integers, capped at the principal, cut in the payer's favour."""
from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.payment.fees.domain.errors import FeeAmountRefused, FeeLimitsInvalid, FeeQuantityRefused, LimitDateMissing
from services.payment.fees.domain.rules import late_fee_minor, overdue_days
from services.payment.orders.schemas.orders import Order
from services.payment.orders.usecases.create_orders import create_orders
from shared_components.kernel.clock import FixedClock
from tests.unit.payment.fees.test_fee_items import put_item
from tests.unit.payment.receipts.steps import put_range, receipt, was_paid
from tests.unit.payment.steps import apply, order_of, paid_word
from tests.unit.payment.world import FEE_ITEM, TENANT, order_call

TODAY = date(2025, 6, 2)
amounts = st.integers(1, 10**12)


@given(amounts, st.integers(0, 10**6), st.integers(0, 40_000))
def test_a_late_fee_is_the_exact_product_cut_to_whole_minor_units_and_at_most_the_principal(
    principal: int, rate: int, days: int
) -> None:
    fee, exact = late_fee_minor(principal, rate, days), Fraction(principal * days * rate, 10**6)
    assert 0 <= fee <= principal
    assert fee == principal or fee <= exact < fee + 1
    assert fee <= exact


@given(amounts, st.integers(0, 10**6), st.integers(0, 4000))
def test_a_late_fee_never_falls_with_time(principal: int, rate: int, days: int) -> None:
    assert late_fee_minor(principal, rate, days) <= late_fee_minor(principal, rate, days + 1)


@pytest.mark.parametrize(("limit", "days"), [
    (None, 0), (TODAY + timedelta(days=9), 0), (TODAY, 0), (TODAY - timedelta(days=1), 1), (date(2024, 6, 2), 365),
])
def test_the_limit_date_is_in_time(limit: date | None, days: int) -> None:
    assert overdue_days(limit, TODAY) == days


@pytest.mark.parametrize(("principal", "rate", "days", "fee"), [
    (20_000, 30_000, 1, 600), (20_000, 30_000, 34, 20_000), (20_000, 30_000, 33, 19_800), (1999, 500, 1, 0),
    (2000, 500, 1, 1), (3999, 500, 1, 1),
])
def test_late_fees_as_the_rules_say(principal: int, rate: int, days: int, fee: int) -> None:
    assert late_fee_minor(principal, rate, days) == fee


def order(transactions: Any, quantity: int = 1, limit: date | None = None) -> Any:
    line = {"item_code": FEE_ITEM["item_code"], "quantity": quantity}
    if limit is not None:
        line["limit_date"] = limit.isoformat()
    with transactions.begin(TENANT) as tx:
        (made,) = create_orders(tx, [order_call(lines=[line])])
    if isinstance(made, Exception):
        raise made
    return Order().dump(made)


def test_an_order_after_the_limit_date_has_a_line_for_its_late_fee(transactions: Any) -> None:
    put_item(transactions, late_fee_ppm=30_000)
    late = order(transactions, quantity=3, limit=TODAY - timedelta(days=2))
    assert late["amount_minor"] == 3000 + 180
    assert [(x["name"], x["amount_minor"], x["overdue_days"], x["limit_date"]) for x in late["lines"]] == [
        ("驾驶证工本费", 3000, 0, "2025-05-31"), ("驾驶证工本费滞纳金", 180, 2, "2025-05-31")]
    read = order_of(transactions, late["order_id"])
    assert Order().dump(read)["lines"] == late["lines"]
    in_time = order(transactions, limit=TODAY)
    assert (in_time["amount_minor"], len(in_time["lines"])) == (1000, 1)


def test_the_day_of_the_late_fee_is_the_day_in_china(transactions: Any, clock: FixedClock) -> None:
    put_item(transactions, late_fee_ppm=30_000)
    clock.advance(timedelta(hours=15))  # midnight there
    assert order(transactions, limit=TODAY)["amount_minor"] == 1030


def test_a_late_fee_is_paid_and_receipted_with_the_rest(transactions: Any) -> None:
    put_item(transactions, late_fee_ppm=30_000)
    put_range(transactions, 1, 9)
    made = order(transactions, limit=TODAY - timedelta(days=1))
    apply(transactions, paid_word(made["order_id"], amount_minor=1030))
    was_paid(transactions, made["order_id"])
    assert receipt(transactions, order_id=made["order_id"], with_pdf=True)["amount_minor"] == 1030


def test_an_item_with_a_late_fee_needs_a_limit_date(transactions: Any) -> None:
    put_item(transactions, late_fee_ppm=1)
    with pytest.raises(LimitDateMissing):
        order(transactions)


@pytest.mark.parametrize(("rules", "quantity", "refusal"), [
    ({"min_quantity": 2, "max_quantity": 5}, 1, FeeQuantityRefused),
    ({"min_quantity": 2, "max_quantity": 5}, 6, FeeQuantityRefused),
    ({"min_quantity": 2, "max_quantity": 5}, 5, None),
    ({"min_amount_minor": 3000}, 2, FeeAmountRefused),
    ({"max_amount_minor": 3000}, 4, FeeAmountRefused),
    ({"min_amount_minor": 3000, "max_amount_minor": 3000}, 3, None),
])
def test_quantity_and_amount_stay_within_the_items_limits(
    transactions: Any, rules: dict[str, Any], quantity: int, refusal: Any
) -> None:
    put_item(transactions, **rules)
    if refusal is None:
        order(transactions, quantity)
        return
    with pytest.raises(refusal) as refused:
        order(transactions, quantity)
    assert refused.value.details["item_code"] == FEE_ITEM["item_code"]


@pytest.mark.parametrize("rules", [
    {"min_quantity": 3, "max_quantity": 2}, {"min_amount_minor": 3, "max_amount_minor": 2},
])
def test_limits_that_nobody_could_meet_are_refused(transactions: Any, rules: dict[str, Any]) -> None:
    with pytest.raises(FeeLimitsInvalid):
        put_item(transactions, **rules)


def test_rules_belong_to_the_version(transactions: Any) -> None:
    shown = put_item(transactions, late_fee_ppm=500, max_quantity=9)
    assert (shown["late_fee_ppm"], shown["max_quantity"], shown["min_quantity"]) == (500, 9, 1)
    assert put_item(transactions)["late_fee_ppm"] == 0
