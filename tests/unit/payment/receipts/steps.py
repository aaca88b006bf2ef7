"""Steps that the tests of receipts share."""
from __future__ import annotations

from typing import Any

from services.payment.receipts.adapters.pdf import print_receipt
from services.payment.receipts.schemas import PutReceiptRangeReply, Receipts, WholeReceipt
from services.payment.receipts.usecases.issue_receipts import (
    PaidOrder,
    RefundedOrder,
    issue_for_orders,
    issue_for_refunds,
)
from services.payment.receipts.usecases.ranges import PutReceiptRange, put_receipt_range
from services.payment.receipts.usecases.read_receipts import GetReceipt, ListReceipts, get_receipts, list_receipts
from tests.outcomes import one
from tests.unit.payment.world import TENANT, UNIT_CODE, call

CODE = "33010125"
PDF_PATH = "/v1/payment/receipts/{receipt_id}.pdf"


def put_range(
    transactions: Any,
    first: int,
    last: int,
    *,
    code: str = CODE,
    tenant: str = TENANT,
    collecting_unit: str = UNIT_CODE,
) -> Any:
    request = PutReceiptRange(collecting_unit, code, first, last)
    with transactions.begin(tenant) as tx:
        return PutReceiptRangeReply().dump(put_receipt_range(tx, *call(request, tenant=tenant)))


def was_paid(transactions: Any, order_id: str) -> None:
    with transactions.begin(TENANT) as tx:
        issue_for_orders(tx, [paid_event(order_id)])


def was_refunded(transactions: Any, order_id: str, refund_id: str, amount: int) -> None:
    with transactions.begin(TENANT) as tx:
        issue_for_refunds(tx, [refunded_event(order_id, refund_id, amount)])


def receipts_of(
    transactions: Any, order_id: str | None = None, state: str | None = None, limit: int = 1000
) -> list[Any]:
    """Oldest first."""
    with transactions.begin(TENANT) as tx:
        found = one(list_receipts(tx, [call(ListReceipts(order_id=order_id, state=state, limit=limit))]))
    return list(reversed(Receipts().dump(found)["items"]))


def receipt(transactions: Any, **request: Any) -> Any:
    with transactions.begin(TENANT) as tx:
        return WholeReceipt().dump(
            one(get_receipts(tx, [call(GetReceipt(**request))], print_receipt, PDF_PATH))
        )


def paid_event(order_id: str) -> PaidOrder:
    return PaidOrder(TENANT, order_id)


def refunded_event(order_id: str, refund_id: str, amount: int) -> RefundedOrder:
    return RefundedOrder(TENANT, order_id, refund_id, amount)
