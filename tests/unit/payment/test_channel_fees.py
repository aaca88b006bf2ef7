"""Channels' fees: from statements and payouts onto the books, once, whoever tells of them first."""
from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from services.payment.domain.books_errors import PayoutDiffers, PayoutFeeDiffers
from services.payment.usecases.create_orders import create_orders
from services.payment.usecases.fee_items import put_fee_item
from services.payment.usecases.reconcile import reconcile
from shared_components.kernel.clock import FixedClock
from tests.unit.payment.statements import DAY, bring, compare, ours, payment, refund
from tests.unit.payment.statements import statement as complete
from tests.unit.payment.steps import apply, books, make_orders, paid_word
from tests.unit.payment.test_books import close, payout
from tests.unit.payment.test_books import statement as account_statement
from tests.unit.payment.world import OTHER_TENANT, TENANT, fee_item_call, order_call

FEES, CLEARING = "channel-fees/sandbox", "channel-clearing/sandbox"


def paid_orders(units: Any, count: int) -> list[str]:
    orders = [str(order["order_id"]) for order in make_orders(units, count)]
    apply(units, *(paid_word(order_id) for order_id in orders))
    return orders


def fee_entries(units: Any) -> list[tuple[str, str, int]]:
    """(source, debited account, amount), oldest first."""
    with units.begin(TENANT) as unit:
        found = unit.ledger.page(TENANT, currency="CNY", account=FEES, order_id=None, after=None, limit=100)
    return [(entry.source, entry.debit_account, entry.amount_minor) for entry in found]


def test_a_days_fees_are_posted_once_however_often_it_is_reconciled(units: Any) -> None:
    one, other = paid_orders(units, 2)
    done = bring(units, payment(one, fee_minor=6), payment(other, fee_minor=7))
    assert done["fees_minor"] == 13
    first = compare(units)
    assert (first["fees_minor"], first["open_count"]) == (13, 0)
    assert [each["fee_minor"] for each in first["classes"] if each["count"]] == [13]
    assert compare(units) == first
    assert fee_entries(units) == [("channel-fees/sandbox/2025-06-02/CNY", FEES, 13)]
    assert (books(units)[FEES], books(units)[CLEARING]) == (13, 2000 - 13)


def test_a_corrected_statement_posts_what_has_changed_and_edits_nothing(units: Any) -> None:
    (order,) = paid_orders(units, 1)
    for fee in (6, 9, 9, 2):
        bring(units, payment(order, fee_minor=fee), supersede=True)
        compare(units)
        assert books(units)[FEES] == fee
    source = "channel-fees/sandbox/2025-06-02/CNY"
    assert fee_entries(units) == [(source, FEES, 6), (f"{source}/2", FEES, 3), (f"{source}/3", CLEARING, 7)]


def test_a_statement_in_another_currency_takes_back_what_the_one_before_it_stated(units: Any) -> None:
    (order,) = paid_orders(units, 1)
    bring(units, payment(order, fee_minor=6))
    compare(units)
    bring(units, payment(order, fee_minor=6, currency="USD"), supersede=True)
    compare(units)
    assert books(units)[FEES] == 0
    assert [amount for _, _, amount in fee_entries(units)] == [6, 6]


def test_many_corrections_are_all_found_again(units: Any) -> None:
    (order,) = paid_orders(units, 1)
    for fee in range(1, 24):
        bring(units, payment(order, fee_minor=fee), supersede=True)
        compare(units)
    assert (books(units)[FEES], len(fee_entries(units))) == (23, 23)


def test_a_fee_that_is_given_back_is_the_reverse_entry(units: Any) -> None:
    bring(units, refund("pay_nobody", "ref_nobody", 400, fee_minor=-3))
    compare(units)
    assert fee_entries(units) == [("channel-fees/sandbox/2025-06-02/CNY", CLEARING, 3)]
    assert (books(units)[FEES], books(units)[CLEARING]) == (-3, 3)


def test_the_fees_of_another_tenants_lines_are_left_to_it(units: Any) -> None:
    (mine,) = paid_orders(units, 1)
    with units.begin(OTHER_TENANT) as unit:
        put_fee_item(unit, fee_item_call(OTHER_TENANT))
        theirs = str(create_orders(unit, [order_call(OTHER_TENANT)])[0]["order_id"])
    apply(units, paid_word(theirs, tenant=OTHER_TENANT))
    lines = payment(mine, fee_minor=6), payment(theirs, fee_minor=50)
    for tenant, fee in ((TENANT, 6), (OTHER_TENANT, 50)):
        assert bring(units, *lines, tenant=tenant)["fees_minor"] == 56
        result = compare(units, tenant=tenant)
        assert result["fees_minor"] == fee
        with units.begin(tenant) as unit:
            assert {b.account: b.balance_minor for b in unit.ledger.balances(tenant, "CNY")}[FEES] == fee


def without_fees(content: bytes) -> bytes:
    """As our own statements were written before they had the column."""
    return b"".join(line.rsplit(b",", 1)[0] + b"\n" if number else line
                    for number, line in enumerate(content.splitlines(keepends=True)))


def test_a_statement_that_does_not_say_fees_touches_none(units: Any, clock: FixedClock) -> None:
    (order,) = paid_orders(units, 1)
    done = bring(units, content=without_fees(ours(payment(order))))
    assert (done["state"], done["fees_minor"], compare(units)["fees_minor"]) == ("complete", None, None)
    clock.advance(timedelta(days=1))
    payout(units, 994, 6)
    compare(units)
    assert books(units)[FEES] == 6


def test_a_superseded_statement_that_is_still_being_reconciled_posts_nothing(units: Any) -> None:
    (order,) = paid_orders(units, 1)
    bring(units, payment(order, fee_minor=6))
    old = complete(units)
    bring(units, payment(order, fee_minor=9), supersede=True)
    compare(units)
    reconcile(units, units.channels, old)
    assert books(units)[FEES] == 9


@pytest.mark.parametrize(("closed", "dated"), [(False, DAY), (True, DAY + timedelta(days=1))])
def test_fees_belong_to_the_day_of_the_trades_while_it_is_open(
    units: Any, clock: FixedClock, closed: bool, dated: date
) -> None:
    (order,) = paid_orders(units, 1)
    clock.advance(timedelta(days=1))
    if closed:
        close(units, DAY)
    bring(units, payment(order, fee_minor=6))
    compare(units)
    (entry,) = account_statement(units, FEES, DAY, DAY + timedelta(days=1))["items"]
    assert entry["business_day"] == dated.isoformat()


def reconciled(units: Any, clock: FixedClock, fee: int) -> str:
    (order,) = paid_orders(units, 1)
    clock.advance(timedelta(days=1))
    bring(units, payment(order, fee_minor=fee))
    compare(units)
    return order


@pytest.mark.parametrize("told", [6, None])
def test_a_payout_after_the_statement_posts_no_fee_of_its_own(units: Any, clock: FixedClock, told: int | None) -> None:
    reconciled(units, clock, 6)
    done = payout(units, 994, told)
    assert (done["fee_minor"], len(done["entries"])) == (6, 1)
    assert payout(units, 994, told) == done == payout(units, 994, 6) == payout(units, 994, None)
    assert (books(units)[FEES], books(units)[CLEARING]) == (6, 0)
    compare(units)
    assert books(units)[FEES] == 6


@pytest.mark.parametrize(("stated", "told"), [(6, 7), (6, 0), (0, 7)])
def test_a_payout_that_contradicts_the_statement_is_refused_until_one_of_them_is_corrected(
    units: Any, clock: FixedClock, stated: int, told: int
) -> None:
    order = reconciled(units, clock, stated)
    before = books(units)
    with pytest.raises(PayoutFeeDiffers) as refused:
        payout(units, 994, told)
    assert refused.value.details == {"fee_minor": stated}
    assert books(units) == before
    bring(units, payment(order, fee_minor=told), supersede=True)
    compare(units)
    payout(units, 994, told)
    assert books(units).get(FEES, 0) == told


def test_a_statement_after_the_payout_posts_only_what_the_payout_did_not_tell(units: Any, clock: FixedClock) -> None:
    (order,) = paid_orders(units, 1)
    clock.advance(timedelta(days=1))
    payout(units, 994, 6)
    for fee, entries in ((6, 1), (8, 2), (8, 2)):
        bring(units, payment(order, fee_minor=fee), supersede=True)
        compare(units)
        assert (books(units)[FEES], len(fee_entries(units))) == (fee, entries)
    assert payout(units, 994, 6)["fee_minor"] == 8 == payout(units, 994, 8)["fee_minor"]
    with pytest.raises(PayoutDiffers):
        payout(units, 994, 7)
    with pytest.raises(PayoutDiffers):
        payout(units, 995, None)
