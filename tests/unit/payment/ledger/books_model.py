"""The books under random histories, over any storage: whatever happens, balances are the sums of the entries."""
from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from services.payment.channels.domain.channel import RefundStatus
from services.payment.common.domain.business_day import business_day, day_before, next_day
from services.payment.ledger.domain import books
from services.payment.ledger.domain.books import Closing
from services.payment.ledger.domain.ledger import Entry
from services.payment.ledger.domain.settlement import settle
from services.payment.ledger.usecases.account_statement import GetAccountStatement, get_account_statement
from services.payment.ledger.usecases.close_day import CloseDay, close_day
from services.payment.ledger.usecases.close_days import close_days
from services.payment.orders.domain.ports import OrderFilter
from services.payment.orders.usecases.push_refund import push_refund
from services.payment.reconciliation.domain.channel_fees import FeeDay, kept_minor
from services.payment.reconciliation.domain.statement import CHANNEL_ZONE
from services.payment.reconciliation.usecases.channel_fees import post_fees
from services.payment.reconciliation.usecases.payouts import RecordPayout, record_payout
from shared_components.kernel.calls import CallContext
from shared_components.kernel.clock import FixedClock
from shared_components.kernel.errors import AppError
from tests.unit.payment import steps
from tests.unit.payment.reconciliation import statements
from tests.unit.payment.world import TENANT, FakeChannels, call, fixed_clock

CLEARING = "channel-clearing/sandbox"


class BooksMachine(RuleBasedStateMachine):
    """A subclass says in `make_units` over which storage."""

    orders = Bundle("orders")

    def __init__(self) -> None:
        super().__init__()
        self.clock = fixed_clock()
        self.channels = FakeChannels()
        self.units = self.make_units(self.clock, self.channels)
        self.clock.advance(timedelta(days=-100))  # the fee item is in force however far the clock goes back
        steps.make_order(self.units)
        self.clock.advance(timedelta(days=100))
        self.closed: dict[date, Closing] = {}
        self.fees: dict[date, int] = {}

    def make_units(self, clock: FixedClock, channels: FakeChannels) -> Any:
        raise NotImplementedError

    @rule(target=orders, trades=st.integers(1, 2))
    def pay(self, trades: int) -> str:
        """The second trade is too late: to suspense, and back."""
        order_id = steps.make_order(self.units)
        for number in range(trades):
            steps.apply(self.units, steps.paid_word(order_id, trade=f"t{number}"))
        return order_id

    @rule(order=orders, amount=st.integers(1, 1000), refused=st.booleans())
    def refund(self, order: str, amount: int, refused: bool) -> None:
        available = steps.order_of(self.units, order)["refund_available_minor"]
        self.channels.sandbox.refund_answer = RefundStatus("failed", "NO") if refused else RefundStatus("succeeded")
        try:
            refund = steps.ask_refund(self.units, order, amount, available=available)
        except AppError:
            assert amount > available
            return
        push_refund(self.units, self.channels, TENANT, refund["refund_id"])

    @rule(paid=st.integers(1, 5000), fee=st.integers(0, 50), currency=st.sampled_from(["CNY", "HKD"]))
    def payout(self, paid: int, fee: int, currency: str) -> None:
        request = RecordPayout("sandbox", day_before(business_day(self.clock.now())), paid, fee, currency)
        try:
            with self.units.begin(TENANT) as tx:
                record_payout(tx, *call(request))
        except AppError as error:
            assert error.code in ("payment.payout-differs", "payment.payout-fee-differs")

    @rule(fee=st.integers(-20, 50))
    def channel_states_its_fees(self, fee: int) -> None:
        """Its statement of the day before, a corrected one when there is one already; told twice."""
        day = day_before(business_day(self.clock.now()))
        noon = datetime.combine(day, time(12), CHANNEL_ZONE)
        statements.bring(
            self.units, statements.payment("pay_nobody", occurred_at=noon, fee_minor=fee), day=day, supersede=True)
        for _ in range(2):
            with self.units.begin(TENANT) as tx:
                statement = tx.statements.complete(TENANT, "sandbox", day)
                post_fees(tx, statement, statement.fees_minor)
                tx.statements.reconciled(statement, self.clock.now(), {"fees_minor": statement.fees_minor})
        self.fees[day] = fee

    @rule(hours=st.sampled_from([-30, -1, 1, 9, 26, 80]))
    def time_passes(self, hours: int) -> None:
        """Also backwards: another process with another clock."""
        self.clock.advance(timedelta(hours=hours))

    @rule(back=st.integers(0, 4))
    def close(self, back: int) -> None:
        day = business_day(self.clock.now()) - timedelta(days=back)
        try:
            with self.units.begin(TENANT) as tx:
                close_day(tx, *call(CloseDay(business_day=day)))
                closing = tx.books.closing(TENANT, day)
        except AppError as error:
            assert error.code in ("payment.day-not-over", "payment.day-closed"), error
            return
        assert self.closed.setdefault(day, closing) == closing, "a closed day has changed"

    @rule(hours=st.integers(0, 40))
    def days_close_by_themselves(self, hours: int) -> None:
        assert close_days(self.units, timedelta(hours=hours)) == 0
        due = day_before(business_day(self.clock.now() - timedelta(hours=hours)))
        with self.units.begin(TENANT) as tx:
            through = tx.books.closed_through(TENANT)
            found = [tx.books.closing(TENANT, due - timedelta(days=back)) for back in range(4)]
        assert through is None or through >= due
        for closing in found:
            if closing is not None:
                assert self.closed.setdefault(closing.day, closing) == closing, "a closed day has changed"

    @invariant()
    def debits_equal_credits_in_each_currency_and_kept_balances_are_rebuilt_from_entries(self) -> None:
        entries, running = self._read()
        books.check_rebuilt(books.sums_of(entries), running)

    @invariant()
    def no_fee_is_counted_twice_whoever_told_of_it_first(self) -> None:
        entries, _ = self._read()
        for day, fee in self.fees.items():
            fees = FeeDay(TENANT, "sandbox", day, "CNY")
            of_day = [each for each in entries if fees.key in each.source and "fee" in each.source]
            assert kept_minor(fees, of_day) == fee

    @invariant()
    def closed_days_are_what_their_entries_add_up_to(self) -> None:
        entries, _ = self._read()
        for day, closing in self.closed.items():
            until = [entry for entry in entries if entry.business_day is not None and entry.business_day <= day]
            assert dict(closing.balances) == books.sums_of(until)
            begin = date.min if closing.since is None else next_day(closing.since)
            assert closing.entries == sum(begin <= (e.business_day or date.min) for e in until)

    @invariant()
    def a_statement_goes_from_its_opening_to_its_closing_balance(self) -> None:
        today = business_day(self.clock.now())
        found = [self._statement(today - timedelta(days=back)) for back in (2, 1, 0)]
        for one, other in pairwise(found):
            assert one["closing_balance_minor"] == other["opening_balance_minor"]
        for one in found:
            moved = sum(
                entry["amount_minor"] * (1 if entry["debit_account"] == CLEARING else -1) for entry in one["items"])
            assert one["opening_balance_minor"] + moved == one["closing_balance_minor"]

    @invariant()
    def the_settlements_of_all_days_are_what_is_owed_to_collecting_units(self) -> None:
        entries, running = self._read()
        owed = -sum(b.balance_minor for key, b in running.items() if key[0].startswith("fiscal-payable/"))
        days = {entry.business_day for entry in entries}
        with self.units.begin(TENANT) as tx:
            movements = [
                each for day in days if day is not None
                for each in tx.books.settlement_movements(TENANT, "CNY", day)
            ]
        assert sum(each.net_minor for each in settle(movements)) == owed

    @invariant()
    def refunds_stay_within_what_was_paid(self) -> None:
        with self.units.begin(TENANT) as tx:
            (orders,) = tx.orders.pages([(CallContext("operator", TENANT), OrderFilter(limit=1000))])
        for order in orders:
            assert 0 <= order.refunded_minor + order.refund_pending_minor <= order.paid_minor

    def _statement(self, day: date) -> Any:
        request = GetAccountStatement(CLEARING, day, day, limit=1000)
        with self.units.begin(TENANT) as tx:
            return get_account_statement(tx, *call(request))

    def _read(self) -> tuple[list[Entry], Any]:
        with self.units.begin(TENANT) as tx:
            entries = [
                entry for currency in ("CNY", "HKD") for entry in tx.ledger.page(
                    TENANT, currency=currency, account=None, order_id=None, after=None, limit=10**6)
            ]
            return entries, tx.books.running(TENANT)
