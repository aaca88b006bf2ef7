"""Views of receipts."""
from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from services.payment.receipts.domain.receipt import NumberRange, Receipt


class RangeView(TypedDict):
    range_id: str
    collecting_unit: str
    bill_code: str
    first_number: int
    last_number: int
    left: int
    created_at: datetime


class BillView(TypedDict):
    bill_code: str | None
    bill_number: str


class ReceiptView(TypedDict):
    receipt_id: str
    order_id: str
    refund_id: str | None
    kind: str
    original_id: str | None
    state: str
    bill_code: str | None
    bill_number: str | None
    check_code: str | None
    amount_minor: int
    currency: str
    collecting_unit: str
    pay_code: str
    created_at: datetime
    issued_at: datetime | None


def number_range(numbers: NumberRange) -> RangeView:
    return {
        "range_id": numbers.range_id,
        "collecting_unit": numbers.collecting_unit,
        "bill_code": numbers.bill_code,
        "first_number": numbers.first_number,
        "last_number": numbers.last_number,
        "left": numbers.last_number - numbers.next_number + 1,
        "created_at": numbers.created_at,
    }


def bill(receipt: Receipt | None) -> BillView | None:
    if receipt is None or receipt.bill_number is None:
        return None
    return {"bill_code": receipt.bill_code, "bill_number": f"{receipt.bill_number:010d}"}


def receipt_view(receipt: Receipt) -> ReceiptView:
    return {
        "receipt_id": receipt.receipt_id,
        "order_id": receipt.order_id,
        "refund_id": receipt.refund_id,
        "kind": receipt.kind,
        "original_id": receipt.original_id,
        "state": receipt.state,
        "bill_code": receipt.bill_code,
        "bill_number": None if receipt.bill_number is None else f"{receipt.bill_number:010d}",
        "check_code": receipt.check_code,
        "amount_minor": receipt.signed_amount_minor,
        "currency": receipt.currency,
        "collecting_unit": receipt.collecting_unit,
        "pay_code": receipt.pay_code,
        "created_at": receipt.created_at,
        "issued_at": receipt.issued_at,
    }
