"""Read receipts with their documents, for many calls at a time."""
from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.payment.receipts.domain import receipt as receipts
from services.payment.receipts.domain.errors import ReceiptNumbersExhausted, ReceiptTooLarge, ReceiptUnknown
from services.payment.receipts.domain.ports import HasReceipts, Printer, ReceiptFilter
from services.payment.receipts.domain.receipt import Receipt
from services.payment.receipts.usecases.views import BillView, ReceiptView, bill, receipt_view
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError
from shared_components.kernel.outcomes import attempt
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList, PageView
from shared_components.security.authority.pages import read_pages

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call

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


def get_receipts(
    tx: HasReceipts, calls: Sequence[Call[GetReceipt]], print_receipt: Printer, pdf_path: str
) -> list[WholeReceiptView | AppError]:
    """Give each call a receipt by its own id, or an order's original by the order's; or ReceiptUnknown.

    A receipt has its PDF only once it has a number. pdf_path: where the gateway gives the PDF as a file, a template of
    the receipt's id.
    """
    found = _wanted(tx, calls)
    originals = tx.receipts.originals([one for one in found if isinstance(one, Receipt)])

    def view(call: Call[GetReceipt], receipt: Receipt) -> WholeReceiptView:
        original = None if receipt.original_id is None else originals.get(receipt.original_id)
        pdf = _pdf(receipt, original, print_receipt) if call.data.with_pdf else None
        issued = receipt.state == receipts.ISSUED
        return {
            **receipt_view(receipt), "original_bill": bill(original), "payer_name": receipt.payer_name,
            "pdf_base64": pdf, "pdf_path": pdf_path.format(receipt_id=receipt.receipt_id) if issued else None,
        }

    return [one if isinstance(one, AppError) else attempt(view, call, one)
            for call, one in zip(calls, found, strict=True)]


def _wanted(tx: HasReceipts, calls: Sequence[Call[GetReceipt]]) -> list[Receipt | AppError]:
    by_id = [(n, call.data.receipt_id) for n, call in enumerate(calls) if call.data.receipt_id is not None]
    of_orders = [(n, str(call.data.order_id)) for n, call in enumerate(calls) if call.data.receipt_id is None]
    read = tx.receipts.read([(calls[n].context, receipt_id) for n, receipt_id in by_id])
    read += tx.receipts.read_original_of([(calls[n].context, order_id) for n, order_id in of_orders])
    found = {n: one for (n, _), one in zip([*by_id, *of_orders], read, strict=True)}
    return [_unknown(call.data) if isinstance(found[n], ReceiptUnknown) else found[n] for n, call in enumerate(calls)]


def _unknown(wanted: GetReceipt) -> ReceiptUnknown:
    receipt_id, order_id = wanted.receipt_id, wanted.order_id
    return ReceiptUnknown(Bilingual(
        f"there is no receipt {receipt_id or 'of order ' + repr(order_id)}; list_receipts gives those that are",
        f"票据 {receipt_id or f'（订单“{order_id}”）'} 不存在；现有票据见 list_receipts"))


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


def list_receipts(tx: HasReceipts, calls: Sequence[Call[ListReceipts]]) -> list[PageView[ReceiptView] | AppError]:
    """Give each call its page, newest first, or PageCursorInvalid."""
    return read_pages(
        calls, RECEIPTS,
        lambda asked: tx.receipts.pages([
            (call.context, ReceiptFilter(page.fetch, page.after, call.data.order_id, call.data.state))
            for call, page in asked]),
        view=lambda receipt, _: receipt_view(receipt), key=lambda receipt: receipt.receipt_id)
