"""Steps that the tests of receipts share."""
from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from services.payment.adapters.receipt_pdf import print_receipt
from services.payment.schemas import PutReceiptRangeReply, Receipts, WholeReceipt
from services.payment.usecases.receipts import (
    get_receipt,
    issue_for_orders,
    issue_for_refunds,
    list_receipts,
    put_receipt_range,
)
from tests.unit.payment.world import TENANT, UNIT_CODE, call

CODE = "33010125"
PDF_PATH = "/v1/payment/receipts/{receipt_id}.pdf"


def put_range(
    units: Any, first: int, last: int, *, code: str = CODE, tenant: str = TENANT, collecting_unit: str = UNIT_CODE
) -> Any:
    request = {"collecting_unit": collecting_unit, "bill_code": code, "first_number": first, "last_number": last}
    with units.begin(tenant) as unit:
        return PutReceiptRangeReply().dump(put_receipt_range(unit, call(request, tenant=tenant)))


def was_paid(units: Any, order_id: str) -> None:
    with units.begin(TENANT) as unit:
        issue_for_orders(unit, [paid_event(order_id)])


def was_refunded(units: Any, order_id: str, refund_id: str, amount: int) -> None:
    with units.begin(TENANT) as unit:
        issue_for_refunds(unit, [refunded_event(order_id, refund_id, amount)])


def receipts_of(units: Any, order_id: str | None = None, state: str | None = None, limit: int = 1000) -> list[Any]:
    """Oldest first."""
    with units.begin(TENANT) as unit:
        found = list_receipts(unit, call({"order_id": order_id, "state": state, "limit": limit}))
    return list(reversed(Receipts().dump(found)["items"]))


def receipt(units: Any, **request: Any) -> Any:
    with units.begin(TENANT) as unit:
        return WholeReceipt().dump(get_receipt(unit, call({"with_pdf": False, **request}), print_receipt, PDF_PATH))


def paid_event(order_id: str) -> Any:
    return _event({"order_id": order_id})


def refunded_event(order_id: str, refund_id: str, amount: int) -> Any:
    return _event({"order_id": order_id, "refund_id": refund_id, "refund_amount_minor": amount})


def _event(data: dict[str, Any]) -> Any:
    return SimpleNamespace(tenant=TENANT, data=data)
