"""Entrypoints of receipts."""
from __future__ import annotations

from services.payment.common.domain.callers import APPS, FINANCE, PAYER
from services.payment.common.domain.errors import ReceiptFontMissing, ReceiptNotPrintable
from services.payment.receipts import schemas
from services.payment.receipts.adapters.pdf import print_receipt
from services.payment.receipts.domain.errors import (
    ReceiptNumbersExhausted,
    ReceiptRangeInvalid,
    ReceiptRangeOverlaps,
    ReceiptTooLarge,
    ReceiptUnknown,
    TooManyGuesses,
)
from services.payment.receipts.domain.ports import HasReceipts
from services.payment.receipts.usecases import issue_receipts, issue_waiting, ranges, read_receipts, verify_receipt
from services.payment.receipts.usecases.issue_receipts import (
    IssueForEventsTx,
    IssueReceiptsTx,
    PaidOrder,
    RefundedOrder,
)
from services.payment.receipts.usecases.ranges import ListReceiptRanges, PutRangeView, PutReceiptRange
from services.payment.receipts.usecases.read_receipts import GetReceipt, ListReceipts, WholeReceiptView
from services.payment.receipts.usecases.verify_receipt import VerifiedReceiptView, VerifyReceipt
from services.payment.receipts.usecases.views import RangeView, ReceiptView
from shared_components.bus import Transactions, every, on_event, rpc_method
from shared_components.contracts import DocumentContract
from shared_components.kernel.calls import Call, Event
from shared_components.kernel.errors import AppError
from shared_components.kernel.load_classes import LISTS
from shared_components.kernel.method_rules import RuleArguments
from shared_components.kernel.paging import PageView

RECEIPT_PDF = DocumentContract(
    "receipts/{receipt_id}.pdf", "pdf_base64", asking={"with_pdf": True}, named_by=("bill_code", "bill_number"))
RECEIPTS: RuleArguments = {
    "basis": ["own", "holder", "agreement", "platform"], "resource": "receipt", "about": [PAYER],
    "roles": ["handler", "finance", "auditor"], "level": 0,
    "as_subject": False, "discloses": True, "composable": False,
}
CHECKED: RuleArguments = {
    "basis": ["public", "platform"], "resource": "receipt", "about": [], "roles": [], "level": 0,
    "as_subject": False, "discloses": True, "composable": False,
}
ADMINISTERED: RuleArguments = {
    "basis": ["platform"], "resource": "receipt", "about": [], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}


class ReceiptEntrypoints:
    """Issues receipts, shows and verifies them."""

    name: str

    @rpc_method(request=schemas.PutReceiptRange, reply=schemas.PutReceiptRangeReply, callers=FINANCE, mutating=True,
                errors=[ReceiptRangeInvalid, ReceiptRangeOverlaps],
        **ADMINISTERED, zh="为执收单位分配票据号段，待赋号的票据随即开具。")
    def put_receipt_range(
        self, tx: IssueReceiptsTx, call: Call[PutReceiptRange]
    ) -> PutRangeView:
        """Give a collecting unit numbers for its receipts; those that wait for one are issued."""
        return ranges.put_receipt_range(tx, call.data, call.context)

    @rpc_method(request=schemas.ListReceiptRanges, reply=schemas.ReceiptRanges, callers=FINANCE,
        **ADMINISTERED, zh="查询票据号段及其剩余号码数。")
    def list_receipt_ranges(
        self, tx: HasReceipts, call: Call[ListReceiptRanges]
    ) -> PageView[RangeView]:
        """Ranges of receipt numbers, and how many each has left."""
        return ranges.list_receipt_ranges(tx, call.data, call.context)

    @rpc_method(request=schemas.GetReceipt, reply=schemas.WholeReceipt, callers=APPS, bulk=True, public=True,
                errors=[ReceiptUnknown, ReceiptNumbersExhausted,
                        ReceiptTooLarge, ReceiptNotPrintable,
                        ReceiptFontMissing],
                document=RECEIPT_PDF,
        **RECEIPTS, zh="查询一张票据，可附 PDF；按票据编号或订单编号，二者只填其一。")
    def get_receipt(self, tx: HasReceipts, calls: list[Call[GetReceipt]]) -> list[WholeReceiptView | AppError]:
        """One receipt, with its PDF if wanted."""
        return read_receipts.get_receipts(tx, calls, print_receipt, RECEIPT_PDF.address(self.name))

    @rpc_method(request=schemas.ListReceipts, reply=schemas.Receipts, callers=APPS, bulk=True, public=True,
        **RECEIPTS, load_class=LISTS, zh="查询某订单的票据，或待赋号的票据，最新的在前。")
    def list_receipts(
        self, tx: HasReceipts, calls: list[Call[ListReceipts]]
    ) -> list[PageView[ReceiptView] | AppError]:
        """Receipts of an order, or those that wait for a number, newest first."""
        return read_receipts.list_receipts(tx, calls)

    @rpc_method(request=schemas.VerifyReceipt, reply=schemas.VerifiedReceipt, callers=APPS, public=True,
                own_transactions=True, errors=[TooManyGuesses],
        **CHECKED, zh="按票面信息查验票据真伪；同一调用方对同一票号的错误校验码次数有限。")
    def verify_receipt(self, transactions: Transactions, call: Call[VerifyReceipt]) -> VerifiedReceiptView:
        """Whether a receipt is genuine, by what is printed on it; wrong codes are limited a caller and number."""
        return verify_receipt.verify_receipt(transactions, call.data, call.context)

    @every(seconds=600)
    def forget_guesses(self, transactions: Transactions) -> None:
        verify_receipt.forget_guesses(transactions)

    @on_event("payment", "order-paid", bulk=True)
    def issue_receipt(self, tx: IssueForEventsTx, events: list[Event]) -> None:
        issue_receipts.issue_for_orders(
            tx, [PaidOrder(event.tenant, event.data["order_id"]) for event in events])

    @on_event("payment", "order-refunded", bulk=True)
    def issue_red_receipt(self, tx: IssueForEventsTx, events: list[Event]) -> None:
        issue_receipts.issue_for_refunds(tx, [
            RefundedOrder(
                event.tenant, event.data["order_id"], event.data["refund_id"], event.data["refund_amount_minor"])
            for event in events
        ])

    @every(seconds=60)
    def issue_waiting_receipts(self, transactions: Transactions) -> None:
        issue_waiting.issue_waiting(transactions)
