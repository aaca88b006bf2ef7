"""Fiscal electronic receipts (财政电子票据): one for an order, and a red-letter one (红字) for each refund of it.

A number, once taken, is on a receipt: it is taken in the receipt's own transaction, so there is neither gap nor twin.
A receipt for which there is no number waits; it is the work item for whoever puts a new range.
"""
from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict

from services.payment.common.domain.business_day import business_day
from services.payment.orders.domain.order import Order, OrderLine
from services.payment.receipts.domain.errors import ReceiptRangeInvalid, TooManyGuesses
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.ids import new_id
from shared_components.kernel.numbers import FiscalBillNumber, NumberError
from shared_components.kernel.states import Edge, StateMachine

BLUE, RED = "original", "red"
WAITING, ISSUED = "waiting", "issued"

RECEIPT = StateMachine("receipt", WAITING, [Edge(WAITING, ISSUED, "receipt-issued")], final=[ISSUED])

MOST_NUMBERS = 10_000_000
CHECK_ALPHABET = "0123456789abcdefghjkmnpqrstuvwxy"
"""32 letters, without those that look like others."""
CHECK_LENGTH = 12
"""60 bits. Receipts that were issued before have 6 letters, 30 bits; they keep them, for they are printed."""
SHORTEST_CHECK_CODE, LONGEST_CHECK_CODE = 6, 20
MOST_GUESSES, GUESS_WINDOW = 10, timedelta(hours=1)
"""Wrong codes of one caller for one number: 30 bits then stand 10,000 years, and slips are forgiven in an hour."""


@dataclass(frozen=True, slots=True)
class NumberRange:
    """Numbers that the finance department gave for a collecting unit; next_number: the first that is free."""

    range_id: str
    tenant: str
    collecting_unit: str
    bill_code: str
    first_number: int
    last_number: int
    next_number: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class BillNumber:
    code: str
    number: int


@dataclass(frozen=True, slots=True)
class Guesser:
    """A caller and the number whose check code the caller guesses, whether or not there is such a receipt."""

    tenant: str
    caller: str
    number: BillNumber


@dataclass(frozen=True, slots=True)
class Guesses:
    """failures: wrong codes since then."""

    failures: int
    since: datetime

    def counts(self, now: datetime) -> bool:
        return now - self.since < GUESS_WINDOW

    def after_another(self, now: datetime) -> Guesses:
        return Guesses(self.failures + 1, self.since) if self.counts(now) else Guesses(1, now)

    def check(self, now: datetime) -> None:
        """Raises TooManyGuesses."""
        if self.counts(now) and self.failures >= MOST_GUESSES:
            wait_s = max(1, int((self.since + GUESS_WINDOW - now).total_seconds()))
            raise TooManyGuesses(
                Bilingual(
                    f"{self.failures} wrong check codes were given for this number; {MOST_GUESSES} in "
                    f"{GUESS_WINDOW.total_seconds() / 60:.0f} minutes are allowed",
                    f"该号码已有 {self.failures} 次校验码错误；{GUESS_WINDOW.total_seconds() / 60:.0f} 分钟内允许 "
                    f"{MOST_GUESSES} 次"),
                details={"retry_after_s": wait_s, "allowed": MOST_GUESSES},
            )


class ReceiptLine(TypedDict):
    """A line as it is printed and stored."""

    item_code: str
    name: str
    unit: str
    quantity: int
    price_minor: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """kind `red` takes back amount_minor of its original. lines: as on the order, amounts positive for both kinds.

    bill_code, bill_number, check_code, issued_at: None while it waits for a number.
    """

    receipt_id: str
    tenant: str
    order_id: str
    refund_id: str | None
    kind: str
    original_id: str | None
    state: str
    amount_minor: int
    currency: str
    collecting_unit: str
    pay_code: str
    payer_name: str
    lines: Sequence[ReceiptLine]
    created_at: datetime
    bill_code: str | None = None
    bill_number: int | None = None
    check_code: str | None = None
    issued_at: datetime | None = None

    @property
    def signed_amount_minor(self) -> int:
        return -self.amount_minor if self.kind == RED else self.amount_minor


def check_range(bill_code: str, first: int, last: int) -> None:
    """Raises ReceiptRangeInvalid."""
    try:
        for number in (first, last):
            FiscalBillNumber.parse(bill_code, f"{number:010d}")
    except NumberError as error:
        raise ReceiptRangeInvalid(Bilingual(error.message, error.message_in("zh"))) from error
    if not first <= last < first + MOST_NUMBERS:
        raise ReceiptRangeInvalid(
            Bilingual(
                f"range is {first} to {last}; one that goes forward, of at most {MOST_NUMBERS} numbers, is allowed",
                f"号段为 {first} 至 {last}；止号不得小于起号，至多 {MOST_NUMBERS} 个号码")
        )


def check_code(key: bytes, number: BillNumber, signed_amount_minor: int, issued_at: datetime) -> str:
    """Letters that nobody without the key can make up. They guard against slips and casual forgery: whether a
    receipt is genuine, verify_receipt says, which asks the record."""
    text = f"{number.code}/{number.number:010d}/{signed_amount_minor}/{business_day(issued_at).isoformat()}"
    digest = hmac.digest(key, text.encode(), "sha256")
    return "".join(CHECK_ALPHABET[byte % 32] for byte in digest[:CHECK_LENGTH])


def of_order(order: Order, at: datetime) -> Receipt:
    """order: with its lines and the payer's name."""
    return Receipt(
        receipt_id=new_id("rcp"), tenant=order.tenant, order_id=order.order_id, refund_id=None, kind=BLUE,
        original_id=None, state=RECEIPT.initial, amount_minor=order.paid_minor, currency=order.currency,
        collecting_unit=order.collecting_unit, pay_code=order.pay_code, payer_name=order.payer_name or "",
        lines=[_line(line) for line in order.lines], created_at=at,
    )


def of_refund(original: Receipt, refund_id: str, amount_minor: int, at: datetime) -> Receipt:
    """A full refund takes back the original's lines; a partial one is a line of its own: it is of no line alone."""
    whole = amount_minor == original.amount_minor
    names = "、".join(line["name"] for line in original.lines)
    part: ReceiptLine = {
        "item_code": "", "name": f"部分退款：{names}"[:200], "unit": "笔", "quantity": 1, "price_minor": amount_minor,
        "amount_minor": amount_minor,
    }
    return Receipt(
        receipt_id=new_id("rcp"), tenant=original.tenant, order_id=original.order_id, refund_id=refund_id, kind=RED,
        original_id=original.receipt_id, state=RECEIPT.initial, amount_minor=amount_minor, currency=original.currency,
        collecting_unit=original.collecting_unit, pay_code=original.pay_code, payer_name=original.payer_name,
        lines=original.lines if whole else [part], created_at=at,
    )


def _line(line: OrderLine) -> ReceiptLine:
    return {
        "item_code": line.item_code,
        "name": line.name,
        "unit": line.unit,
        "quantity": line.quantity,
        "price_minor": line.price_minor,
        "amount_minor": line.amount_minor,
    }
