"""Business days: closed for good, with balances that are the sums of the entries; statements that add up."""
from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from services.payment.channels.domain.errors import ChannelUnknown
from services.payment.ledger.domain.errors import DayClosed, DayNotOver, PeriodInvalid
from services.payment.ledger.schemas.books import AccountStatement, ClosedDay
from services.payment.ledger.usecases.account_statement import GetAccountStatement, get_account_statement
from services.payment.ledger.usecases.close_day import CloseDay, close_day
from services.payment.reconciliation.domain.errors import PayoutDiffers
from services.payment.reconciliation.schemas.payouts import RecordedPayout
from services.payment.reconciliation.usecases.payouts import RecordPayout, record_payout
from shared_components.kernel.clock import FixedClock
from shared_components.kernel.paging import PageCursorInvalid
from tests.unit.payment.steps import apply, ask_refund, books, make_orders, make_paid_order, paid_word
from tests.unit.payment.world import TENANT, UNIT_CODE, call

CLEARING, PAYABLE = "channel-clearing/sandbox", f"fiscal-payable/{UNIT_CODE}"
DAY = date(2025, 6, 2)  # the day in China of world.START
DAYS = [DAY + timedelta(days=n) for n in range(6)]


def close(transactions: Any, day: date, caller: str = "operator") -> Any:
    with transactions.begin(TENANT) as tx:
        return ClosedDay().dump(close_day(tx, *call(CloseDay(business_day=day), caller=caller)))


def statement(transactions: Any, account: str, first: date, last: date, **more: Any) -> Any:
    request = GetAccountStatement(account, first, last, **more)
    with transactions.begin(TENANT) as tx:
        return AccountStatement().dump(get_account_statement(tx, *call(request)))


def payout(transactions: Any, paid: int, fee: int | None, day: date = DAY, channel: str = "sandbox") -> Any:
    request = RecordPayout(channel, day, paid, fee)
    with transactions.begin(TENANT) as tx:
        return RecordedPayout().dump(record_payout(tx, *call(request)))


def pay_each(transactions: Any, count: int) -> None:
    for order in make_orders(transactions, count):
        apply(transactions, paid_word(order["order_id"]))


def test_a_day_is_closed_once_it_is_over_and_asked_again_says_the_same(transactions: Any, clock: FixedClock) -> None:
    pay_each(transactions, 2)
    with pytest.raises(DayNotOver, match="2025-06-01"):
        close(transactions, DAY)
    clock.advance(timedelta(days=1))
    closed = close(transactions, DAY)
    assert (closed["entry_count"], closed["since"], closed["closed_by"]) == (2, None, "operator")
    assert {b["account"]: b["balance_minor"] for b in closed["balances"]} == {CLEARING: 2000, PAYABLE: -2000}
    pay_each(transactions, 1)
    clock.advance(timedelta(hours=1))
    assert close(transactions, DAY, caller="another") == closed


def test_a_business_day_begins_at_midnight_in_china(transactions: Any, clock: FixedClock) -> None:
    clock.advance(timedelta(hours=14, minutes=59))  # 23:59 there
    pay_each(transactions, 1)
    clock.advance(timedelta(minutes=1))
    pay_each(transactions, 1)
    clock.advance(timedelta(days=2))
    assert close(transactions, DAY)["entry_count"] == 1
    assert close(transactions, DAYS[1])["entry_count"] == 1


def test_no_entry_is_dated_into_a_closed_day(transactions: Any, clock: FixedClock) -> None:
    pay_each(transactions, 1)
    clock.advance(timedelta(days=1))
    closed = close(transactions, DAY)
    clock.advance(timedelta(days=-1))  # a process whose clock is behind
    pay_each(transactions, 1)
    clock.advance(timedelta(days=2))
    assert [e["business_day"] for e in statement(transactions, CLEARING, DAY, DAYS[3])["items"]] == [
        "2025-06-02", "2025-06-03"]
    assert close(transactions, DAY) == closed
    assert close(transactions, DAYS[1])["entry_count"] == 1


def test_days_that_were_passed_over_are_closed_with_the_later_one(transactions: Any, clock: FixedClock) -> None:
    pay_each(transactions, 1)
    clock.advance(timedelta(days=3))
    assert close(transactions, DAYS[2])["entry_count"] == 1
    with pytest.raises(DayClosed) as refused:
        close(transactions, DAYS[1])
    assert refused.value.details == {"closed_through": "2025-06-04"}


def test_a_statement_opens_where_the_one_before_closed(transactions: Any, clock: FixedClock) -> None:
    for day in DAYS[:4]:
        pay_each(transactions, 1)
        clock.advance(timedelta(days=1))
        if day in (DAYS[0], DAYS[2]):
            close(transactions, day)
    found = [statement(transactions, CLEARING, day, day) for day in DAYS[:4]]
    assert [(s["opening_balance_minor"], s["closing_balance_minor"]) for s in found] == [
        (0, 1000), (1000, 2000), (2000, 3000), (3000, 4000)]
    assert [s["final"] for s in found] == [True, True, True, False]
    whole = statement(transactions, CLEARING, DAY, DAYS[3])
    assert (whole["opening_balance_minor"], whole["debit_minor"], whole["entry_count"]) == (0, 4000, 4)


def test_a_statement_comes_in_pages_and_each_has_the_period_s_balances(transactions: Any, clock: FixedClock) -> None:
    pay_each(transactions, 5)
    seen, after = [], None
    while True:
        page = statement(transactions, CLEARING, DAY, DAY, limit=2, after=after)
        assert (page["closing_balance_minor"], page["entry_count"]) == (5000, 5)
        seen += [entry["entry_id"] for entry in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize(("first", "last"), [
    (DAYS[1], DAY), (DAY, DAY + timedelta(days=367)), (date.min, date.min), (date.min, date.max), (date.max, DAY),
])
def test_a_period_goes_forward_and_is_not_too_long(transactions: Any, first: date, last: date) -> None:
    with pytest.raises(PeriodInvalid):
        statement(transactions, CLEARING, first, last)


def test_the_calendar_s_ends_are_days_like_others(transactions: Any) -> None:
    for day in (date.max, date.min + timedelta(days=1)):
        assert statement(transactions, CLEARING, day, day)["entry_count"] == 0


def test_a_foreign_cursor_is_refused(transactions: Any) -> None:
    with pytest.raises(PageCursorInvalid):
        statement(transactions, CLEARING, DAY, DAY, after="led_7")


def test_a_payout_moves_money_from_the_channel_into_the_fiscal_account_less_its_fee(
    transactions: Any, clock: FixedClock
) -> None:
    pay_each(transactions, 3)
    with pytest.raises(DayNotOver):
        payout(transactions, 2990, 10)
    clock.advance(timedelta(days=1))
    first = payout(transactions, 2990, 10)
    assert payout(transactions, 2990, 10) == first
    assert books(transactions) == {
        CLEARING: 0, "fiscal-account": 2990, "channel-fees/sandbox": 10, PAYABLE: -3000}
    with pytest.raises(PayoutDiffers) as refused:
        payout(transactions, 2990, 11)
    assert refused.value.details == {"paid_minor": 2990, "fee_minor": 10}


def test_a_payout_of_no_channel_is_refused_and_makes_no_account(transactions: Any, clock: FixedClock) -> None:
    clock.advance(timedelta(days=1))
    with pytest.raises(ChannelUnknown, match="sandbox"):
        payout(transactions, 100, 0, channel="sandbok")
    assert books(transactions) == {}


def test_the_state_and_its_entry_are_one_transaction(transactions: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the books cannot take an entry, the order and the refund do not change either."""
    paid = make_paid_order(transactions)
    (order,) = make_orders(transactions)

    def broken(*_: Any) -> None:
        raise ZeroDivisionError

    with transactions.begin(TENANT) as tx:
        kind = type(tx.ledger)
    monkeypatch.setattr(kind, "post", broken)
    with pytest.raises(ZeroDivisionError):
        apply(transactions, paid_word(order["order_id"]))
    with pytest.raises(ZeroDivisionError):
        ask_refund(transactions, paid, 400, available=1000)
    monkeypatch.undo()
    with transactions.begin(TENANT) as tx:
        assert tx.orders.get(TENANT, order["order_id"]).state == "created"
        assert tx.orders.get(TENANT, paid).refund_pending_minor == 0
    assert apply(transactions, paid_word(order["order_id"]))[0]["applied"]
