"""Read receipts, with their documents."""
from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.payment.orders.domain.ports import HasOrders
from services.payment.orders.usecases.find_order import order_of
from services.payment.receipts.domain import receipt as receipts
from services.payment.receipts.domain.errors import ReceiptNumbersExhausted, ReceiptTooLarge, ReceiptUnknown
from services.payment.receipts.domain.ports import HasReceipts, Printer
from services.payment.receipts.domain.receipt import Receipt
from services.payment.receipts.usecases.views import BillView, ReceiptView, bill, receipt_view
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList, PageView

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

RECEIPTS = PagedList[str]("payment.list_receipts", str)
LARGEST_PDF = 150_000
"""Bytes; as base64 it stays well within a message of 256 KiB."""


class WholeReceiptView(ReceiptView):
    original_bill: BillView | None
    payer_name: str
    pdf_base64: str | None
    pdf_path: str | None


@dataclass(frozen=True, slots=True)
class GetReceipt:
    receipt_id: str | None = None
    order_id: str | None = None
    with_pdf: bool = False


@dataclass(frozen=True, slots=True)
class ListReceipts:
    limit: int = DEFAULT_LIMIT
    after: str | None = None
    order_id: str | None = None
    state: str | None = None


class GetReceiptTx(HasOrders, HasReceipts, Protocol):
    """Ports that `get_receipt` uses."""


def get_receipt(
    tx: GetReceiptTx, command: GetReceipt, context: CallContext, print_receipt: Printer, pdf_path: str
) -> WholeReceiptView:
    """By its own id, or an order's original by the order's. With its PDF only once it has a number.

    pdf_path: where the gateway gives that as a file, a template of the receipt's id.
    """
    tenant = context.tenant
    receipt = _wanted(tx, context, command.receipt_id, command.order_id)
    original = tx.receipts.get(tenant, receipt.original_id) if receipt.original_id is not None else None
    pdf = _pdf(receipt, original, print_receipt) if command.with_pdf else None
    issued = receipt.state == receipts.ISSUED
    return {
        **receipt_view(receipt), "original_bill": bill(original), "payer_name": receipt.payer_name, "pdf_base64": pdf,
        "pdf_path": pdf_path.format(receipt_id=receipt.receipt_id) if issued else None,
    }


def _wanted(tx: GetReceiptTx, context: CallContext, receipt_id: str | None, order_id: str | None) -> Receipt:
    """A receipt is its order's app's. Raises ReceiptUnknown."""
    tenant = context.tenant
    found = (
        tx.receipts.get(tenant, receipt_id) if receipt_id is not None
        else tx.receipts.by_source(tenant, [str(order_id)]).get(str(order_id))
    )
    if found is None or not context.reaches(order_of(tx, tenant, found.order_id).app):
        raise ReceiptUnknown(
            Bilingual(
                f"there is no receipt {receipt_id or 'of order ' + repr(order_id)}; list_receipts gives those that are",
                f"票据 {receipt_id or f'（订单“{order_id}”）'} 不存在；现有票据见 list_receipts")
        )
    return found


def _pdf(receipt: Receipt, original: Receipt | None, print_receipt: Printer) -> str:
    if receipt.state != receipts.ISSUED:
        raise ReceiptNumbersExhausted(
            Bilingual(
                f"receipt {receipt.receipt_id} waits for a number of collecting unit {receipt.collecting_unit}; "
                "it is printed once put_receipt_range has given some",
                f"票据 {receipt.receipt_id} 正等待执收单位 {receipt.collecting_unit} 的票号；由 put_receipt_range "
                "补充号段后可打印"),
            details={"collecting_unit": receipt.collecting_unit},
        )
    content = print_receipt(receipt, original)
    if len(content) > LARGEST_PDF:
        raise ReceiptTooLarge(
            Bilingual(
                f"document of receipt {receipt.receipt_id} has {len(content)} bytes; at most {LARGEST_PDF} are sent",
                f"票据 {receipt.receipt_id} 的文件有 {len(content)} 字节；至多发送 {LARGEST_PDF} 字节"),
            details={"bytes": len(content), "limit": LARGEST_PDF},
        )
    return base64.b64encode(content).decode()


def list_receipts(tx: HasReceipts, command: ListReceipts, context: CallContext) -> PageView[ReceiptView]:
    page = RECEIPTS.asked(command, context.tenant, *(context.makers or ()))
    found = tx.receipts.page(
        context.tenant, apps=context.makers, order_id=command.order_id, state=command.state,
        before=page.after, limit=page.fetch,
    )
    return page.view(found, view=receipt_view, key=lambda receipt: receipt.receipt_id)
