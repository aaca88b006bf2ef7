"""The days of the ledger in memory."""
from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from services.payment.ledger.domain import books
from services.payment.ledger.domain.books import Balances, Closing
from services.payment.ledger.domain.ledger import Entry
from services.payment.ledger.domain.settlement import KINDS, OTHER, Movement


class MemoryBooks:
    def __init__(self, store: Any) -> None:
        self._store = store

    def all_closed_through(self) -> dict[str, date | None]:
        return {tenant: max(d for t, d in self._store.closings if t == tenant) for tenant, _ in self._store.closings}

    def closed_through(self, tenant: str) -> date | None:
        return self.all_closed_through().get(tenant)

    def open_at(self, day: date) -> dict[str, date | None]:
        found = dict.fromkeys(sorted({e.tenant for e in self._store.entries})) | self.all_closed_through()
        return {tenant: closed for tenant, closed in found.items() if closed is None or closed < day}

    def lock(self, tenant: str) -> date | None:
        return self.closed_through(tenant)

    def closing(self, tenant: str, day: date) -> Closing | None:
        found: Closing | None = self._store.closings.get((tenant, day))
        return found

    def closing_up_to(self, tenant: str, day: date) -> Closing | None:
        days = [d for t, d in self._store.closings if t == tenant and d <= day]
        return self.closing(tenant, max(days)) if days else None

    def store(self, closing: Closing) -> None:
        assert (closing.tenant, closing.day) not in self._store.closings
        self._store.closings[closing.tenant, closing.day] = closing

    def movements(self, tenant: str, *, after: date | None, through: date | None) -> tuple[int, Balances]:
        entries = self._dated(tenant, after, through)
        return len(entries), books.sums_of(entries)

    def account_movement(
        self, tenant: str, account: str, currency: str, *, after: date | None, through: date
    ) -> tuple[int, int, int]:
        entries = [e for e in self._dated(tenant, after, through) if e.currency == currency]
        debits = [e.amount_minor for e in entries if e.debit_account == account]
        credits = [e.amount_minor for e in entries if e.credit_account == account]
        return len(debits) + len(credits), sum(debits), sum(credits)

    def running(self, tenant: str) -> Balances:
        return books.sums_of(self._dated(tenant, None, None))

    def page(
        self, tenant: str, account: str, currency: str, *, first: date, last: date, after: tuple[date, str] | None,
        limit: int,
    ) -> list[Entry]:
        found = sorted(
            ((e.business_day, e.entry_id), e) for e in self._dated(tenant, None, last)
            if e.currency == currency and account in (e.debit_account, e.credit_account) and e.business_day >= first
        )
        return [entry for key, entry in found if after is None or key > after][:limit]

    def with_sources(self, tenant: str, sources: Collection[str]) -> list[Entry]:
        found = [e for e in self._store.entries if e.tenant == tenant and e.source in sources]
        return sorted(found, key=lambda e: e.entry_id)

    def settlement_movements(self, tenant: str, currency: str, day: date) -> list[Movement]:
        found = []
        for entry in self._dated(tenant, None, day):
            kind = entry.source.split("/")[0]
            for account, sign in ((entry.credit_account, 1), (entry.debit_account, -1)):
                if account.startswith("fiscal-payable/") and (entry.business_day, entry.currency) == (day, currency):
                    tx = account.removeprefix("fiscal-payable/")
                    found.append(Movement(tx, kind if kind in KINDS else OTHER, 1, sign * entry.amount_minor))
        return found

    def _dated(self, tenant: str, after: date | None, through: date | None) -> list[Any]:
        return [
            e for e in self._store.entries if e.tenant == tenant
            and (after is None or e.business_day > after) and (through is None or e.business_day <= through)
        ]
