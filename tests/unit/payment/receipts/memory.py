"""Receipts and ranges of numbers in memory."""
from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.payment.common.adapters.owned import order_facts
from services.payment.receipts.domain import receipt as receipts
from services.payment.receipts.domain.errors import ReceiptUnknown
from services.payment.receipts.domain.ports import ReceiptFilter
from services.payment.receipts.domain.receipt import BillNumber, Guesser, Guesses, NumberRange, Receipt
from shared_components.db.load_many import open_found, open_row
from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import AppError
from shared_components.kernel.outcomes import attempt
from shared_components.security.authority import Sealed


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

    def read(self, asked: Sequence[tuple[CallContext, str]]) -> list[Receipt | AppError]:
        return [attempt(self._found, context, lambda r, key=key: r.receipt_id == key) for context, key in asked]

    def read_original_of(self, asked: Sequence[tuple[CallContext, str]]) -> list[Receipt | AppError]:
        return [
            attempt(self._found, context, lambda r, key=key: (r.refund_id or r.order_id) == key)
            for context, key in asked]

    def originals(self, receipts: Sequence[Receipt]) -> Mapping[str, Receipt]:
        return {r.original_id: self._store.receipts[r.original_id] for r in receipts if r.original_id is not None}

    def by_source(self, tenant: str, sources: Collection[str]) -> Mapping[str, Receipt]:
        by_source = {r.refund_id or r.order_id: r for r in self._of(tenant)}
        return {source: by_source[source] for source in sources if source in by_source}

    def numbered(self, context: CallContext, number: BillNumber) -> Receipt | None:
        wanted = (number.code, number.number)
        found = next((r for r in self._of(context.tenant) if (r.bill_code, r.bill_number) == wanted), None)
        return None if found is None else open_row(context, self._sealed(found))

    def pages(self, asked: Sequence[tuple[CallContext, ReceiptFilter]]) -> list[list[Receipt]]:
        return [self._page(context, wanted) for context, wanted in asked]

    def _page(self, context: CallContext, wanted: ReceiptFilter) -> list[Receipt]:
        opened = [open_row(context, self._sealed(r)) for r in self._store.receipts.values()]
        found = [
            replace(r, payer_name="") for r in opened
            if r is not None and wanted.order_id in (None, r.order_id) and wanted.state in (None, r.state)
            and (wanted.before is None or r.receipt_id < wanted.before)
        ]
        return sorted(found, key=lambda r: r.receipt_id, reverse=True)[: wanted.limit]

    def _sealed(self, receipt: Receipt) -> Sealed[Receipt]:
        order = self._store.orders[receipt.order_id]
        facts = order_facts(
            receipt.tenant, app=order.app, payer=order.payer_subject, amount_minor=receipt.amount_minor)
        return Sealed(facts, lambda: receipt)

    def _found(self, context: CallContext, wanted: Callable[[Receipt], bool]) -> Receipt:
        found = next((r for r in self._store.receipts.values() if wanted(r)), None)
        return open_found(context, None if found is None else self._sealed(found), ReceiptUnknown())

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
        known: Guesses | None = self._store.guesses.get(guesser)
        return known

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

    def _of(self, tenant: str) -> list[Receipt]:
        return [r for r in self._store.receipts.values() if r.tenant == tenant]
