"""Views of receipts."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.payment.receipts.domain.receipt import NumberRange, Receipt


def number_range(numbers: NumberRange) -> Mapping[str, Any]:
    return {
        "range_id": numbers.range_id,
        "collecting_unit": numbers.collecting_unit,
        "bill_code": numbers.bill_code,
        "first_number": numbers.first_number,
        "last_number": numbers.last_number,
        "left": numbers.last_number - numbers.next_number + 1,
        "created_at": numbers.created_at,
    }


def bill(receipt: Receipt | None) -> Mapping[str, Any] | None:
    if receipt is None or receipt.bill_number is None:
        return None
    return {"bill_code": receipt.bill_code, "bill_number": f"{receipt.bill_number:010d}"}


def receipt_view(receipt: Receipt) -> Mapping[str, Any]:
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
