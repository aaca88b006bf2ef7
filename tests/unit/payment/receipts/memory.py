"""Receipts and ranges of numbers in memory."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.payment.receipts.domain import receipt as receipts
from services.payment.receipts.domain.receipt import BillNumber, Guesser, Guesses, NumberRange, Receipt


class MemoryReceipts:
    def __init__(self, store: Any, tenant: str) -> None:
        self._store = store
        self._tenant = tenant

    def reserve_block(self, bill_code: str, first: int, last: int) -> bool:
        return not any(
            r.bill_code == bill_code and r.first_number <= last and r.last_number >= first
            for r in self._store.ranges.values()
        )

    def add_range(self, numbers: NumberRange) -> None:
        self._store.ranges[numbers.range_id] = numbers

    def ranges(self, tenant: str, *, collecting_unit: str | None, after: str | None, limit: int) -> list[NumberRange]:
        found = [
            r for r in self._store.ranges.values()
            if r.tenant == tenant and collecting_unit in (None, r.collecting_unit)
            and (after is None or r.range_id > after)
        ]
        return sorted(found, key=lambda r: r.range_id)[:limit]

    def take_numbers(self, tenant: str, collecting_unit: str, count: int) -> list[BillNumber]:
        taken: list[BillNumber] = []
        for numbers in self.ranges(tenant, collecting_unit=collecting_unit, after=None, limit=10**6):
            end = min(numbers.next_number + count - len(taken), numbers.last_number + 1)
            taken += [BillNumber(numbers.bill_code, number) for number in range(numbers.next_number, end)]
            self._store.ranges[numbers.range_id] = replace(numbers, next_number=max(end, numbers.next_number))
        return taken

    def with_original(self, tenant: str, order_ids: Collection[str]) -> set[str]:
        return {r.order_id for r in self._of(tenant) if r.refund_id is None and r.order_id in order_ids}

    def add(self, receipts: Sequence[Receipt]) -> None:
        for receipt in receipts:
            assert not self.by_source(receipt.tenant, [receipt.refund_id or receipt.order_id])
            self._store.receipts[receipt.receipt_id] = receipt

    def issue(self, receipt: Receipt) -> None:
        known = self._store.receipts[receipt.receipt_id]
        assert known.state == receipts.WAITING
        self._store.receipts[receipt.receipt_id] = replace(receipt, payer_name=known.payer_name)

    def get(self, tenant: str, receipt_id: str) -> Receipt | None:
        return self._first(tenant, lambda r: r.receipt_id == receipt_id)

    def by_source(self, tenant: str, sources: Collection[str]) -> Mapping[str, Receipt]:
        by_source = {r.refund_id or r.order_id: r for r in self._of(tenant)}
        return {source: by_source[source] for source in sources if source in by_source}

    def numbered(self, tenant: str, number: BillNumber) -> Receipt | None:
        return self._first(tenant, lambda r: (r.bill_code, r.bill_number) == (number.code, number.number))

    def page(
        self, tenant: str, *, apps: Collection[str] | None, order_id: str | None, state: str | None,
        before: str | None, limit: int,
    ) -> list[Receipt]:
        found = [
            replace(r, payer_name="") for r in self._of(tenant)
            if order_id in (None, r.order_id) and state in (None, r.state)
            and (apps is None or self._store.orders[r.order_id].app in apps)
            and (before is None or r.receipt_id < before)
        ]
        return sorted(found, key=lambda r: r.receipt_id, reverse=True)[:limit]

    def lock_waiting(self, tenant: str, collecting_unit: str, limit: int) -> list[Receipt]:
        found = [
            replace(r, payer_name="") for r in self._of(tenant)
            if (r.collecting_unit, r.state) == (collecting_unit, receipts.WAITING)
        ]
        return sorted(found, key=lambda r: r.receipt_id)[:limit]

    def waiting_units(self) -> list[tuple[str, str]]:
        open_units = {
            (r.tenant, r.collecting_unit) for r in self._store.ranges.values() if r.next_number <= r.last_number
        }
        waiting = {
            (r.tenant, r.collecting_unit) for r in self._store.receipts.values() if r.state == receipts.WAITING
        }
        return sorted(open_units & waiting)

    def guesses(self, guesser: Guesser) -> Guesses | None:
        return self._store.guesses.get(guesser)

    def count_guess(self, guesser: Guesser, now: datetime) -> None:
        known = self._store.guesses.get(guesser)
        self._store.guesses[guesser] = Guesses(1, now) if known is None else known.after_another(now)

    def forget_guesses(self, before: datetime) -> int:
        old = [guesser for guesser, known in self._store.guesses.items() if known.since <= before]
        for guesser in old:
            del self._store.guesses[guesser]
        return len(old)

    def red_minor(self, receipt_id: str) -> int:
        return sum(r.amount_minor for r in self._store.receipts.values() if r.original_id == receipt_id)

    def _first(self, tenant: str, wanted: Any) -> Receipt | None:
        return next((r for r in self._of(tenant) if wanted(r)), None)

    def _of(self, tenant: str) -> list[Receipt]:
        return [r for r in self._store.receipts.values() if r.tenant == tenant]
