"""Receipts under random histories: every number once, none left out, red never above what was receipted."""
from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from services.payment.receipts.domain.errors import ReceiptRangeOverlaps
from services.payment.receipts.usecases.issue_waiting import issue_waiting
from tests.unit.payment.memory import MemoryTransactions
from tests.unit.payment.receipts.steps import put_range, receipts_of, was_paid, was_refunded
from tests.unit.payment.steps import make_paid_order
from tests.unit.payment.world import FakeChannels, fixed_clock


class ReceiptsMachine(RuleBasedStateMachine):
    orders = Bundle("orders")

    def __init__(self) -> None:
        super().__init__()
        self.units: Any = MemoryTransactions(fixed_clock(), [], FakeChannels())
        self.given: list[int] = []
        self.refunded: dict[str, int] = {}
        self.issued: dict[str, Any] = {}

    @rule(target=orders)
    def pay(self) -> str:
        return make_paid_order(self.units)

    @rule(order=orders)
    def tell_paid(self, order: str) -> None:
        was_paid(self.units, order)

    @rule(order=orders, amount=st.integers(1, 1000), times=st.integers(1, 2))
    def tell_refunded(self, order: str, amount: int, times: int) -> None:
        done = self.refunded.get(order, 0)
        amount = min(amount, 1000 - done)
        if not amount:
            return
        self.refunded[order] = done + amount
        for _ in range(times):
            was_refunded(self.units, order, f"{order}/{done}", amount)

    @rule(first=st.integers(1, 60), size=st.integers(1, 6))
    def give_numbers(self, first: int, size: int) -> None:
        numbers = range(first, first + size)
        try:
            put_range(self.units, first, first + size - 1)
        except ReceiptRangeOverlaps:
            assert set(numbers) & set(self.given)
        else:
            assert not set(numbers) & set(self.given)
            self.given += numbers

    @rule()
    def sweep(self) -> None:
        issue_waiting(self.units)

    @invariant()
    def the_numbers_given_out_are_the_first_ones_each_once(self) -> None:
        found = [int(r["bill_number"]) for r in receipts_of(self.units) if r["state"] == "issued"]
        assert sorted(found) == sorted(self.given[:len(found)])

    @invariant()
    def nothing_waits_while_there_are_numbers_once_swept(self) -> None:
        issue_waiting(self.units)
        waiting = receipts_of(self.units, state="waiting")
        issued = len(receipts_of(self.units, state="issued"))
        assert not waiting or issued == len(self.given)

    @invariant()
    def what_was_issued_stays_as_it_is(self) -> None:
        for each in receipts_of(self.units, state="issued"):
            assert self.issued.setdefault(each["receipt_id"], each) == each

    @invariant()
    def red_ones_take_back_what_was_refunded_and_come_after_their_original(self) -> None:
        found = {r["receipt_id"]: r for r in receipts_of(self.units)}
        reds = [r for r in found.values() if r["kind"] == "red"]
        for order, amount in self.refunded.items():
            assert sum(r["amount_minor"] for r in reds if r["order_id"] == order) == -amount
        for red in reds:
            assert red["state"] == "waiting" or found[red["original_id"]]["state"] == "issued"


TestReceipts = ReceiptsMachine.TestCase
TestReceipts.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
