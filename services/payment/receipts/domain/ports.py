"""Ports of the receipts."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from services.payment.receipts.domain.receipt import BillNumber, Guesser, Guesses, NumberRange, Receipt

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext
    from shared_components.kernel.errors import AppError


@dataclass(frozen=True, slots=True)
class ReceiptFilter:
    """The receipts that a call lists; None is all. before: a receipt id."""

    limit: int
    before: str | None = None
    order_id: str | None = None
    state: str | None = None


class Receipts(Protocol):
    def reserve_block(self, bill_code: str, first: int, last: int) -> bool:
        """Keep these numbers for one range, whoever's tenant it is; False when one of them is kept already."""
        ...

    def add_range(self, numbers: NumberRange) -> None: ...

    def ranges(self, tenant: str, *, collecting_unit: str | None, after: str | None, limit: int) -> list[NumberRange]:
        """Oldest first; after: a range id."""
        ...

    def take_numbers(self, tenant: str, collecting_unit: str, count: int) -> list[BillNumber]:
        """The next numbers of the oldest ranges that have some, for receipts of this transaction; fewer: exhausted."""
        ...

    def with_original(self, tenant: str, order_ids: Collection[str]) -> set[str]:
        """Which of these orders have their original."""
        ...

    def add(self, receipts: Sequence[Receipt]) -> None: ...

    def issue(self, receipt: Receipt) -> None:
        """Give a waiting one its number."""
        ...

    def read(self, asked: Sequence[tuple[CallContext, str]]) -> list[Receipt | AppError]:
        """Give each call its receipt by id, or ReceiptUnknown."""
        ...

    def read_original_of(self, asked: Sequence[tuple[CallContext, str]]) -> list[Receipt | AppError]:
        """Give each call the original of an order by the order's id, or ReceiptUnknown."""
        ...

    def originals(self, receipts: Sequence[Receipt]) -> Mapping[str, Receipt]:
        """The originals that red-letter receipts take back, by id."""
        ...

    def pages(self, asked: Sequence[tuple[CallContext, ReceiptFilter]]) -> list[list[Receipt]]:
        """Give each call its receipts, newest first, without payers' names."""
        ...

    def by_source(self, tenant: str, sources: Collection[str]) -> Mapping[str, Receipt]:
        """order id → its original, refund id → its red-letter one, of those that there are."""
        ...

    def numbered(self, context: CallContext, number: BillNumber) -> Receipt | None:
        """The receipt with a number, without the payer's name; None where the call sees no such receipt."""
        ...

    def lock_waiting(self, tenant: str, collecting_unit: str, limit: int) -> list[Receipt]:
        """Oldest first, and nobody else issues them before this transaction ends."""
        ...

    def waiting_units(self) -> list[tuple[str, str]]:
        """(tenant, collecting unit) of those that wait and have a range with numbers, of what the transaction sees."""
        ...

    def guesses(self, guesser: Guesser) -> Guesses | None:
        """Earlier wrong codes, locked so that guesses side by side are counted one after another."""
        ...

    def count_guess(self, guesser: Guesser, now: datetime) -> None:
        """One more wrong code."""
        ...

    def forget_guesses(self, before: datetime) -> int: ...

    def red_minor(self, receipt_id: str) -> int:
        """How much red-letter receipts have taken back of an original."""
        ...


class Printer(Protocol):
    def __call__(self, receipt: Receipt, original: Receipt | None) -> bytes:
        """The receipt as a PDF; original: of a red-letter one."""
        ...


class HasReceipts(Protocol):
    @property
    def receipts(self) -> Receipts: ...


class HasReceiptKey(Protocol):
    @property
    def receipt_key(self) -> bytes:
        """Makes the check codes of receipts."""
        ...
