"""Channels' fees: from statements and payouts onto the books, once, whoever tells of them first."""
from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from services.payment.fees.usecases.fee_items import put_fee_item
from services.payment.orders.usecases.create_orders import create_orders
from services.payment.reconciliation.domain.errors import PayoutDiffers, PayoutFeeDiffers
from services.payment.reconciliation.usecases.reconcile import reconcile
from shared_components.kernel.clock import FixedClock
from tests.outcomes import one
from tests.unit.payment.ledger.test_books import close, payout
from tests.unit.payment.ledger.test_books import statement as account_statement
from tests.unit.payment.reconciliation.statements import DAY, bring, compare, ours, payment, refund
from tests.unit.payment.reconciliation.statements import statement as complete
from tests.unit.payment.steps import apply, books, make_orders, paid_word
from tests.unit.payment.world import OTHER_TENANT, TENANT, fee_item_call, order_call

FEES, CLEARING = "channel-fees/sandbox", "channel-clearing/sandbox"


def paid_orders(transactions: Any, count: int) -> list[str]:
    orders = [str(order["order_id"]) for order in make_orders(transactions, count)]
    apply(transactions, *(paid_word(order_id) for order_id in orders))
    return orders


def fee_entries(transactions: Any) -> list[tuple[str, str, int]]:
    """(source, debited account, amount), oldest first."""
    with transactions.begin(TENANT) as tx:
        found = tx.ledger.page(TENANT, currency="CNY", account=FEES, order_id=None, after=None, limit=100)
    return [(entry.source, entry.debit_account, entry.amount_minor) for entry in found]


def test_a_days_fees_are_posted_once_however_often_it_is_reconciled(transactions: Any) -> None:
    one, other = paid_orders(transactions, 2)
    done = bring(transactions, payment(one, fee_minor=6), payment(other, fee_minor=7))
    assert done["fees_minor"] == 13
    first = compare(transactions)
    assert (first["fees_minor"], first["open_count"]) == (13, 0)
    assert [each["fee_minor"] for each in first["classes"] if each["count"]] == [13]
    assert compare(transactions) == first
    assert fee_entries(transactions) == [("channel-fees/sandbox/2025-06-02/CNY", FEES, 13)]
    assert (books(transactions)[FEES], books(transactions)[CLEARING]) == (13, 2000 - 13)


def test_a_corrected_statement_posts_what_has_changed_and_edits_nothing(transactions: Any) -> None:
    (order,) = paid_orders(transactions, 1)
    for fee in (6, 9, 9, 2):
        bring(transactions, payment(order, fee_minor=fee), supersede=True)
        compare(transactions)
        assert books(transactions)[FEES] == fee
    source = "channel-fees/sandbox/2025-06-02/CNY"
    assert fee_entries(transactions) == [(source, FEES, 6), (f"{source}/2", FEES, 3), (f"{source}/3", CLEARING, 7)]


def test_a_statement_in_another_currency_takes_back_what_the_one_before_it_stated(transactions: Any) -> None:
    (order,) = paid_orders(transactions, 1)
    bring(transactions, payment(order, fee_minor=6))
    compare(transactions)
    bring(transactions, payment(order, fee_minor=6, currency="USD"), supersede=True)
    compare(transactions)
    assert books(transactions)[FEES] == 0
    assert [amount for _, _, amount in fee_entries(transactions)] == [6, 6]


def test_many_corrections_are_all_found_again(transactions: Any) -> None:
    (order,) = paid_orders(transactions, 1)
    for fee in range(1, 24):
        bring(transactions, payment(order, fee_minor=fee), supersede=True)
        compare(transactions)
    assert (books(transactions)[FEES], len(fee_entries(transactions))) == (23, 23)


def test_a_fee_that_is_given_back_is_the_reverse_entry(transactions: Any) -> None:
    bring(transactions, refund("pay_nobody", "ref_nobody", 400, fee_minor=-3))
    compare(transactions)
    assert fee_entries(transactions) == [("channel-fees/sandbox/2025-06-02/CNY", CLEARING, 3)]
    assert (books(transactions)[FEES], books(transactions)[CLEARING]) == (-3, 3)


def test_the_fees_of_another_tenants_lines_are_left_to_it(transactions: Any) -> None:
    (mine,) = paid_orders(transactions, 1)
    with transactions.begin(OTHER_TENANT) as tx:
        put_fee_item(tx, *fee_item_call(OTHER_TENANT))
        theirs = one(create_orders(tx, [order_call(OTHER_TENANT)]))["order_id"]
    apply(transactions, paid_word(theirs, tenant=OTHER_TENANT))
    lines = payment(mine, fee_minor=6), payment(theirs, fee_minor=50)
    for tenant, fee in ((TENANT, 6), (OTHER_TENANT, 50)):
        assert bring(transactions, *lines, tenant=tenant)["fees_minor"] == 56
        result = compare(transactions, tenant=tenant)
        assert result["fees_minor"] == fee
        with transactions.begin(tenant) as tx:
            assert {b.account: b.balance_minor for b in tx.ledger.balances(tenant, "CNY")}[FEES] == fee


def without_fees(content: bytes) -> bytes:
    """As our own statements were written before they had the column."""
    return b"".join(line.rsplit(b",", 1)[0] + b"\n" if number else line
                    for number, line in enumerate(content.splitlines(keepends=True)))


def test_a_statement_that_does_not_say_fees_touches_none(transactions: Any, clock: FixedClock) -> None:
    (order,) = paid_orders(transactions, 1)
    done = bring(transactions, content=without_fees(ours(payment(order))))
    assert (done["state"], done["fees_minor"], compare(transactions)["fees_minor"]) == ("complete", None, None)
    clock.advance(timedelta(days=1))
    payout(transactions, 994, 6)
    compare(transactions)
    assert books(transactions)[FEES] == 6


def test_a_superseded_statement_that_is_still_being_reconciled_posts_nothing(transactions: Any) -> None:
    (order,) = paid_orders(transactions, 1)
    bring(transactions, payment(order, fee_minor=6))
    old = complete(transactions)
    bring(transactions, payment(order, fee_minor=9), supersede=True)
    compare(transactions)
    reconcile(transactions, transactions.channels, old)
    assert books(transactions)[FEES] == 9


@pytest.mark.parametrize(("closed", "dated"), [(False, DAY), (True, DAY + timedelta(days=1))])
def test_fees_belong_to_the_day_of_the_trades_while_it_is_open(
    transactions: Any, clock: FixedClock, closed: bool, dated: date
) -> None:
    (order,) = paid_orders(transactions, 1)
    clock.advance(timedelta(days=1))
    if closed:
        close(transactions, DAY)
    bring(transactions, payment(order, fee_minor=6))
    compare(transactions)
    (entry,) = account_statement(transactions, FEES, DAY, DAY + timedelta(days=1))["items"]
    assert entry["business_day"] == dated.isoformat()


def reconciled(transactions: Any, clock: FixedClock, fee: int) -> str:
    (order,) = paid_orders(transactions, 1)
    clock.advance(timedelta(days=1))
    bring(transactions, payment(order, fee_minor=fee))
    compare(transactions)
    return order


@pytest.mark.parametrize("told", [6, None])
def test_a_payout_after_the_statement_posts_no_fee_of_its_own(
    transactions: Any, clock: FixedClock, told: int | None
) -> None:
    reconciled(transactions, clock, 6)
    done = payout(transactions, 994, told)
    assert (done["fee_minor"], len(done["entries"])) == (6, 1)
    assert payout(transactions, 994, told) == done == payout(transactions, 994, 6) == payout(transactions, 994, None)
    assert (books(transactions)[FEES], books(transactions)[CLEARING]) == (6, 0)
    compare(transactions)
    assert books(transactions)[FEES] == 6


@pytest.mark.parametrize(("stated", "told"), [(6, 7), (6, 0), (0, 7)])
def test_a_payout_that_contradicts_the_statement_is_refused_until_one_of_them_is_corrected(
    transactions: Any, clock: FixedClock, stated: int, told: int
) -> None:
    order = reconciled(transactions, clock, stated)
    before = books(transactions)
    with pytest.raises(PayoutFeeDiffers) as refused:
        payout(transactions, 994, told)
    assert refused.value.details == {"fee_minor": stated}
    assert books(transactions) == before
    bring(transactions, payment(order, fee_minor=told), supersede=True)
    compare(transactions)
    payout(transactions, 994, told)
    assert books(transactions).get(FEES, 0) == told


def test_a_statement_after_the_payout_posts_only_what_the_payout_did_not_tell(
    transactions: Any, clock: FixedClock
) -> None:
    (order,) = paid_orders(transactions, 1)
    clock.advance(timedelta(days=1))
    payout(transactions, 994, 6)
    for fee, entries in ((6, 1), (8, 2), (8, 2)):
        bring(transactions, payment(order, fee_minor=fee), supersede=True)
        compare(transactions)
        assert (books(transactions)[FEES], len(fee_entries(transactions))) == (fee, entries)
    assert payout(transactions, 994, 6)["fee_minor"] == 8 == payout(transactions, 994, 8)["fee_minor"]
    with pytest.raises(PayoutDiffers):
        payout(transactions, 994, 7)
    with pytest.raises(PayoutDiffers):
        payout(transactions, 995, None)
