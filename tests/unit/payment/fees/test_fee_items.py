from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from marshmallow import ValidationError

from services.payment.fees.domain.errors import FeeItemChanged, FeeItemPeriodInvalid
from services.payment.fees.domain.fee_item import FeeItem
from services.payment.fees.schemas import PutFeeItem
from services.payment.fees.usecases.fee_items import ListFeeItems, list_fee_items, put_fee_item
from shared_components.kernel.clock import FixedClock
from shared_components.kernel.paging import PageCursorInvalid
from tests.outcomes import one
from tests.unit.payment.world import FEE_ITEM, OTHER_TENANT, START, TENANT, call, fee_item_call

CODE = str(FEE_ITEM["item_code"])


def put_item(transactions: Any, tenant: str = TENANT, **changes: Any) -> Any:
    with transactions.begin(tenant) as tx:
        return put_fee_item(tx, *fee_item_call(tenant, **changes))


def in_force(transactions: Any, at: Any, tenant: str = TENANT, code: str = CODE) -> FeeItem | None:
    with transactions.begin(tenant) as tx:
        found: FeeItem | None = tx.fee_items.in_force({(tenant, code)}, at).get((tenant, code))
    return found


def listed(transactions: Any, **data: Any) -> Any:
    with transactions.begin(TENANT) as tx:
        return one(list_fee_items(tx, [call(ListFeeItems(**{"limit": 20, **data}))]))


def test_a_fee_item_is_in_force_from_now_on(transactions: Any) -> None:
    reply = put_item(transactions)
    assert (reply["version"], reply["price_minor"], reply["valid_until"]) == (1, 1000, None)
    item = in_force(transactions, START)
    assert item is not None
    assert item.price.amount_minor == 1000
    assert in_force(transactions, START - timedelta(seconds=1)) is None


def test_a_new_version_replaces_the_old_one_from_its_first_day(transactions: Any) -> None:
    put_item(transactions)
    next_year = START + timedelta(days=300)
    assert put_item(transactions, price_minor=1500, valid_from=next_year.isoformat())["version"] == 2
    before, after = in_force(transactions, next_year - timedelta(seconds=1)), in_force(transactions, next_year)
    assert before is not None and before.price_minor == 1000
    assert after is not None and after.price_minor == 1500


def test_a_version_that_was_planned_is_replaced_before_it_begins(transactions: Any, clock: FixedClock) -> None:
    put_item(transactions, price_minor=2000, valid_from=(START + timedelta(days=30)).isoformat())
    put_item(transactions, price_minor=500)
    item = in_force(transactions, START + timedelta(days=31))
    assert item is not None and item.price_minor == 500
    assert [shown["version"] for shown in listed(transactions).items] == [2]


def test_an_expired_item_is_neither_in_force_nor_listed(transactions: Any, clock: FixedClock) -> None:
    put_item(transactions, valid_until=(START + timedelta(days=1)).isoformat())
    clock.advance(timedelta(days=2))
    assert in_force(transactions, clock.now()) is None
    assert listed(transactions).items == []


@pytest.mark.parametrize("changes", [
    {"valid_from": (START - timedelta(days=1)).isoformat()},
    {"valid_from": (START + timedelta(days=2)).isoformat(), "valid_until": (START + timedelta(days=1)).isoformat()},
])
def test_a_period_in_the_past_or_backwards_is_refused(transactions: Any, changes: dict[str, str]) -> None:
    with pytest.raises(FeeItemPeriodInvalid):
        put_item(transactions, **changes)


@pytest.mark.parametrize(("name", "value"), [
    ("valid_from", "9999-12-31T23:59:59-12:00"), ("valid_until", "9999-12-31T23:59:59-12:00"),
    ("valid_until", "0001-01-01T00:00:00+14:00"),
])
def test_a_moment_that_utc_does_not_have_is_refused(name: str, value: str) -> None:
    with pytest.raises(ValidationError, match=name):
        PutFeeItem().load({**FEE_ITEM, name: value})


def test_an_item_may_be_valid_to_the_calendar_s_end(transactions: Any) -> None:
    assert put_item(transactions, valid_until="9999-12-31T23:59:59+08:00")["version"] == 1


def test_a_cursor_with_a_version_that_no_item_has_is_refused(transactions: Any) -> None:
    put_item(transactions)
    with pytest.raises(PageCursorInvalid):
        listed(transactions, after="a:999999999999999999999999999999")


def test_a_version_can_be_added_only_once(transactions: Any) -> None:
    put_item(transactions)
    item = in_force(transactions, START)
    assert item is not None
    with pytest.raises(FeeItemChanged), transactions.begin(TENANT) as tx:
        tx.fee_items.add(item)


def test_another_tenants_item_is_not_seen(transactions: Any) -> None:
    put_item(transactions, tenant=OTHER_TENANT)
    assert in_force(transactions, START) is None
    assert listed(transactions).items == []


def test_items_are_listed_in_pages(transactions: Any) -> None:
    for number in range(5):
        put_item(transactions, item_code=f"10{number}")
    codes, after = [], None
    for _ in range(3):
        shown = listed(transactions, limit=2, after=after)
        codes += [item["item_code"] for item in shown.items]
        after = shown.next
    assert codes == [f"10{number}" for number in range(5)]
    assert after is None


@pytest.mark.parametrize("cursor", ["x", ":", "103:x", "103:-1"])
def test_a_cursor_that_was_not_given_is_refused(transactions: Any, cursor: str) -> None:
    with pytest.raises(PageCursorInvalid):
        listed(transactions, after=cursor)
