"""Orders and the ledger under random histories, in memory: whatever happens, in whatever order, the money adds up."""
from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule

from services.payment.channels.domain.channel import Notification, PaymentStatus, RefundStatus
from services.payment.ledger.domain import ledger
from services.payment.orders.domain import states
from services.payment.orders.domain.refund import TO_PAYER
from services.payment.orders.usecases.close_order import CloseOrder, close_order
from services.payment.orders.usecases.push_refund import push_refund
from services.payment.orders.usecases.scheduled import expire_orders, push_refunds, query_unanswered
from shared_components.kernel.errors import AppError, StalePrecondition
from tests.unit.payment import steps
from tests.unit.payment.memory import MemoryTransactions
from tests.unit.payment.world import TENANT, FakeChannels, call, fixed_clock


class Payments(RuleBasedStateMachine):
    orders = Bundle("orders")
    trades = Bundle("trades")
    refunds = Bundle("refunds")

    def __init__(self) -> None:
        super().__init__()
        self.clock = fixed_clock()
        self.recorded: list[dict[str, Any]] = []
        self.channels = FakeChannels()
        self.channel = self.channels.sandbox
        self.units = MemoryTransactions(self.clock, self.recorded, self.channels)
        self.money_taken: dict[str, int] = {}
        self.over: dict[str, str] = {}

    @rule(target=orders, life_s=st.sampled_from([60, 3600]))
    def create(self, life_s: int) -> str:
        return steps.make_order(self.units, expires_in_s=life_s)

    @rule(order=orders)
    def start(self, order: str) -> None:
        self._try(lambda: steps.start(self.units, order))

    @rule(order=orders)
    def close(self, order: str) -> None:
        def close() -> None:
            with self.units.begin(TENANT) as tx:
                close_order(tx, *call(CloseOrder(order_id=order)))

        self._try(close)

    @rule(target=trades, order=orders, number=st.integers(1, 2), told=st.booleans())
    def pay(self, order: str, number: int, told: bool) -> Any:
        """The channel takes money; it may say so now, later, or only when asked."""
        trade = f"t{number}"
        word = steps.paid_word(order, trade=trade)
        self.money_taken[word.trade_no] = 1000
        self.channel.payments[order] = PaymentStatus("paid", word.trade_no, 1000, "CNY")
        if told:
            steps.apply(self.units, word)
        return multiple((order, trade))

    @rule(trade=trades, event=st.sampled_from(["a", "b"]))
    def tell(self, trade: tuple[str, str], event: str) -> None:
        steps.apply(self.units, steps.paid_word(trade[0], trade=trade[1], event=f"{trade}/{event}"))

    @rule(order=orders)
    def fail(self, order: str) -> None:
        """The payer gave up."""
        self.channel.payments.setdefault(order, PaymentStatus("failed"))

    @rule(order=orders)
    def tell_failure(self, order: str) -> None:
        steps.apply(self.units, steps.failed_word(order))

    @rule(target=refunds, order=orders, amount=st.integers(1, 1200), stale=st.booleans())
    def refund(self, order: str, amount: int, stale: bool) -> Any:
        available = steps.order_of(self.units, order)["refund_available_minor"]
        try:
            return steps.ask_refund(self.units, order, amount, available=available + stale)["refund_id"]
        except AppError as error:
            refundable = steps.order_of(self.units, order)["state"] in states.REFUNDABLE
            assert not refundable or amount > available or (stale and isinstance(error, StalePrecondition))
            return multiple()

    @rule(refund=refunds)
    def push(self, refund: str) -> None:
        push_refund(self.units, self.channels, TENANT, refund)

    @rule(refund=refunds, refused=st.booleans(), event=st.sampled_from(["a", "b"]))
    def tell_refund(self, refund: str, refused: bool, event: str) -> None:
        """The channel's own word on a refund, as often as it likes, in agreement with what it did."""
        intended = RefundStatus("failed", "REFUSED") if refused else RefundStatus("succeeded")
        done = self.channel.done_refunds.setdefault(refund, intended)
        facts = steps.refund_of(self.units, refund)
        with self.units.begin() as tx:
            trade_no = tx.refunds.lock(refund).trade_no  # type: ignore[union-attr]
        steps.apply(self.units, Notification(
            "sandbox", f"{refund}/{event}", "refund-failed" if done.state == "failed" else "refund-succeeded",
            facts["order_id"], TENANT, trade_no, facts["amount_minor"], "CNY", refund_id=refund,
        ))

    @rule(down=st.booleans(), loses_replies=st.booleans(), refuses=st.booleans())
    def trouble(self, down: bool, loses_replies: bool, refuses: bool) -> None:
        self.channel.down, self.channel.loses_replies = down, loses_replies
        self.channel.refund_answer = RefundStatus("failed", "REFUSED") if refuses else RefundStatus("succeeded")

    @rule(seconds=st.sampled_from([1, 30, 600]))
    def time_passes(self, seconds: int) -> None:
        self.clock.advance(timedelta(seconds=seconds))
        for sweep in (query_unanswered, expire_orders, push_refunds):
            sweep(self.units, self.channels)

    @invariant()
    def debits_equal_credits_and_balances_are_the_entries(self) -> None:
        with self.units.begin(TENANT) as tx:
            entries = tx.ledger.page(TENANT, currency="CNY", account=None, order_id=None, after=None, limit=10**6)
        sums = ledger.balances(entries)
        assert sum(balance.balance_minor for balance in sums.values()) == 0
        self.balances = {key[1]: balance.balance_minor for key, balance in sums.items()}

    @invariant()
    def refunds_stay_within_what_was_paid(self) -> None:
        for order in self._all_orders():
            assert 0 <= order.refunded_minor + order.refund_pending_minor <= order.paid_minor <= order.amount_minor
            assert order.paid_minor in (0, order.amount_minor)
            assert order.refund_pending_minor == self._sum_of_refunds(order.order_id, states.REFUND_OPEN)
            assert order.refunded_minor == self._sum_of_refunds(order.order_id, {states.SUCCEEDED})
            assert (order.state in states.REFUNDABLE | {states.REFUNDED}) == (order.paid_minor > 0)

    @invariant()
    def the_books_know_exactly_the_money_that_was_told(self) -> None:
        store = self.units._store
        taken = sum(payment.amount_minor for payment in store.payments.values())
        returned = sum(r.amount_minor for r in store.refunds.values() if r.state == states.SUCCEEDED)
        promised = sum(r.amount_minor for r in store.refunds.values() if r.is_open)
        assert taken <= sum(self.money_taken.values())
        assert self.balances.get("channel-clearing/sandbox", 0) == taken - returned
        assert self.balances.get("refunds-payable", 0) == -promised

    @invariant()
    def what_is_over_stays_over(self) -> None:
        for order in self._all_orders():
            assert self.over.get(order.order_id, order.state) == order.state
            if states.ORDER.is_final(order.state):
                self.over[order.order_id] = order.state

    @invariant()
    def events_of_an_order_are_numbered_without_gap(self) -> None:
        for order in self._all_orders():
            numbers = [number for _, number in steps.events_of(self.recorded, order.order_id)]
            assert numbers == list(range(1, order.sequence + 1))

    def _sum_of_refunds(self, order_id: str, wanted: Collection[str]) -> int:
        refunds = self.units._store.refunds.values()
        return sum(
            r.amount_minor for r in refunds if (r.order_id, r.kind) == (order_id, TO_PAYER) and r.state in wanted
        )

    def _all_orders(self) -> list[Any]:
        return list(self.units._store.orders.values())

    def _try(self, step: Any) -> None:
        try:
            step()
        except AppError as error:
            assert error.http_status < 500 or self.channel.down


TestPayments = Payments.TestCase
TestPayments.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
