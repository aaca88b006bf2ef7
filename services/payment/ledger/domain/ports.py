"""Ports of the books: their storage."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Protocol

from services.payment.ledger.domain.books import Balances, Closing
from services.payment.ledger.domain.ledger import Balance, Entry
from services.payment.ledger.domain.settlement import Movement


class Books(Protocol):
    """The days of the ledger, beside its entries and balances."""

    def closed_through(self, tenant: str) -> date | None: ...

    def open_at(self, day: date) -> dict[str, date | None]:
        """Tenants, of all that the transaction sees, whose books are open on that day → their last closed day."""
        ...

    def lock(self, tenant: str) -> date | None:
        """The last closed day; and nobody posts for this tenant before this transaction ends."""
        ...

    def closing(self, tenant: str, day: date) -> Closing | None:
        """The closing of exactly that day."""
        ...

    def closing_up_to(self, tenant: str, day: date) -> Closing | None:
        """The newest closing of that day or an earlier one."""
        ...

    def store(self, closing: Closing) -> None: ...

    def movements(self, tenant: str, *, after: date | None, through: date | None) -> tuple[int, Balances]:
        """How many entries are dated into the days after one and up to another, and their sums by account."""
        ...

    def account_movement(
        self, tenant: str, account: str, currency: str, *, after: date | None, through: date
    ) -> tuple[int, int, int]:
        """The same of one account: (entries, debit, credit)."""
        ...

    def running(self, tenant: str) -> Balances:
        """The balances that are kept with every entry, in all currencies."""
        ...

    def page(
        self, tenant: str, account: str, currency: str, *, first: date, last: date, after: tuple[date, str] | None,
        limit: int,
    ) -> list[Entry]:
        """Entries of an account by business day and entry id; after: the last one of the page before."""
        ...

    def with_sources(self, tenant: str, sources: Collection[str]) -> list[Entry]: ...

    def settlement_movements(self, tenant: str, currency: str, day: date) -> list[Movement]:
        """Sums over the accounts of collecting units, by unit and kind."""
        ...


class Ledger(Protocol):
    def post(self, entries: Sequence[Entry]) -> None:
        """Add entries and their sums to the balances. Call it once a transaction: balances are locked in one order.

        An entry whose business day is closed is dated into the next open one.
        """
        ...

    def balances(self, tenant: str, currency: str) -> list[Balance]: ...

    def page(
        self, tenant: str, *, currency: str, account: str | None, order_id: str | None, after: str | None, limit: int
    ) -> list[Entry]:
        """Oldest first; after: an entry id."""
        ...


class HasLedger(Protocol):
    @property
    def ledger(self) -> Ledger: ...


class HasBooks(Protocol):
    @property
    def books(self) -> Books: ...
