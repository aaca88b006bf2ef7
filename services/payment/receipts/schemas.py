"""Receipts on the wire."""
from __future__ import annotations

from marshmallow import fields, validate

from services.payment.common.schemas import texts
from services.payment.common.schemas.fields import object_id
from services.payment.fees.schemas import COLLECTING_UNIT
from services.payment.receipts.domain import receipt as receipts
from services.payment.receipts.usecases import ranges, read_receipts, verify_receipt
from shared_components.contracts import EventContract, Message, PageReply, PageRequest, text
from shared_components.contracts.rules import ExactlyOne

BILL_CODE = r"^[0-9]{8}\Z"
CHECK_CODE = rf"^[0-9A-Za-z]{{{receipts.SHORTEST_CHECK_CODE},{receipts.LONGEST_CHECK_CODE}}}\Z"
BILL_NUMBER = r"^[0-9]{10}\Z"
LARGEST_NUMBER = 9_999_999_999


class PutReceiptRange(Message):
    """bill_code: 票据代码, 8 digits; numbers: 票据号码, both ends belong to the range."""

    command = ranges.PutReceiptRange

    collecting_unit = fields.String(required=True, validate=validate.Regexp(COLLECTING_UNIT),
        metadata=texts.COLLECTING_UNIT)
    bill_code = fields.String(required=True, validate=validate.Regexp(BILL_CODE), metadata=texts.BILL_CODE)
    first_number = fields.Integer(required=True, strict=True, validate=validate.Range(1, LARGEST_NUMBER),
        metadata=texts.FIRST_NUMBER)
    last_number = fields.Integer(required=True, strict=True, validate=validate.Range(1, LARGEST_NUMBER),
        metadata=texts.LAST_NUMBER)


class ReceiptRange(Message):
    range_id = fields.String(required=True, metadata=text(
        "The id of the number range.",
        "号段编号。"))
    collecting_unit = fields.String(required=True, metadata=texts.COLLECTING_UNIT)
    bill_code = fields.String(required=True, metadata=texts.BILL_CODE)
    first_number = fields.Integer(required=True, metadata=texts.FIRST_NUMBER)
    last_number = fields.Integer(required=True, metadata=texts.LAST_NUMBER)
    left = fields.Integer(required=True, metadata=text(
        "How many numbers are not used yet.",
        "剩余可用号码数。"))
    created_at = fields.AwareDateTime(required=True, metadata=texts.CREATED_AT)


class PutReceiptRangeReply(ReceiptRange):
    """issued: receipts that had waited and have their number now."""

    issued = fields.Integer(required=True, metadata=text(
        "How many receipts that had waited got their number now.",
        "本次补开的待赋号票据数。"))


class ListReceiptRanges(PageRequest):
    """Oldest first, as they are used."""

    command = ranges.ListReceiptRanges

    collecting_unit = fields.String(load_default=None, allow_none=True, validate=validate.Regexp(COLLECTING_UNIT),
        metadata=text(
        "Only number ranges of this collecting unit; null for all.",
        "只查该执收单位的票据号段；null 为不限。"))


class ReceiptRanges(PageReply):
    items = fields.List(fields.Nested(ReceiptRange), required=True, metadata=text(
        "The number ranges on this page, oldest first, as they are used.",
        "本页票据号段，最早的在前，即使用顺序。"))


class Receipt(Message):
    """amount_minor: negative on a red-letter receipt. Number, check code and issued_at are None while it waits."""

    receipt_id = fields.String(required=True, metadata=texts.RECEIPT_ID)
    order_id = fields.String(required=True, metadata=texts.ORDER_ID)
    refund_id = fields.String(required=True, allow_none=True, metadata=text(
        "The refund that a red-letter receipt is for; null on an original one.",
        "红字票据对应的退款编号；原始票据为 null。"))
    kind = fields.String(required=True, validate=validate.OneOf((receipts.BLUE, receipts.RED)), metadata=text(
        "original, or red (takes an original back, in part or whole).",
        "票据种类：original 原始票据，red 红字票据（冲销）。"))
    original_id = fields.String(required=True, allow_none=True, metadata=text(
        "Of a red-letter receipt, the id of the one it takes back; else null.",
        "红字票据所冲销的原票据编号；其他为 null。"))
    state = fields.String(required=True, validate=validate.OneOf(receipts.RECEIPT.states), metadata=text(
        "waiting (for a number) or issued.",
        "票据状态：waiting 待赋号，issued 已开具。"))
    bill_code = fields.String(required=True, allow_none=True, metadata=text(
        "The bill code (票据代码), 8 digits; null while the receipt waits.",
        "票据代码，8 位数字；待赋号为 null。"))
    bill_number = fields.String(required=True, allow_none=True, metadata=text(
        "The bill number (票据号码), 10 digits; null while the receipt waits.",
        "票据号码，10 位数字；待赋号为 null。"))
    check_code = fields.String(required=True, allow_none=True, metadata=text(
        "The check code (校验码) printed on the receipt; null while it waits for a number.",
        "票据校验码；待赋号为 null。"))
    amount_minor = fields.Integer(required=True, metadata=text(
        "The receipt's amount, in minor units (分); negative on a red-letter receipt.",
        "票据金额，单位为分；红字票据为负数。"))
    currency = fields.String(required=True, metadata=texts.CURRENCY)
    collecting_unit = fields.String(required=True, metadata=texts.COLLECTING_UNIT)
    pay_code = fields.String(required=True, metadata=texts.PAY_CODE)
    created_at = fields.AwareDateTime(required=True, metadata=texts.CREATED_AT)
    issued_at = fields.AwareDateTime(required=True, allow_none=True, metadata=text(
        "When the receipt got its number, UTC; null while it waits.",
        "开具时间（UTC）；待赋号为 null。"))


class Bill(Message):
    bill_code = fields.String(required=True, metadata=texts.BILL_CODE)
    bill_number = fields.String(required=True, metadata=texts.BILL_NUMBER)


class GetReceipt(Message):
    """receipt_id, or order_id for the order's original receipt."""

    command = read_receipts.GetReceipt

    rules = (ExactlyOne(("receipt_id", "order_id")),)
    receipt_id = object_id(required=False, metadata=text(
        "The receipt's id; either this or order_id.",
        "票据编号；与 order_id 二者只填其一。"))
    order_id = object_id(required=False, metadata=text(
        "The order whose original receipt is wanted; either this or receipt_id.",
        "要查原始票据的订单编号；与 receipt_id 二者只填其一。"))
    with_pdf = fields.Boolean(load_default=False, metadata=text(
        "Whether the reply holds the PDF, in base64.",
        "是否在返回中附带 PDF（Base64）。"))


class WholeReceipt(Receipt):
    """original_bill: the number of the receipt that a red-letter one takes back.

    pdf_path: where the gateway gives the PDF as a file, with GET; None while it waits.
    """

    original_bill = fields.Nested(Bill, required=True, allow_none=True, metadata=text(
        "Of a red-letter receipt, the code and number of the one it takes back; else null.",
        "红字票据所冲销的原票据代码和号码；其他为 null。"))
    payer_name = fields.String(required=True, metadata={**texts.PAYER_NAME, "data_class": "personal"})
    pdf_base64 = fields.String(
        required=True, allow_none=True, metadata=text(
        "The receipt as PDF, in base64; null when it was not asked for.",
        "票据 PDF 文件（Base64）；未请求为 null。", data_class="personal", media_type="application/pdf"))
    pdf_path = fields.String(allow_none=True, metadata=text(
        "Where the gateway gives the PDF as a file, with GET; null while the receipt waits for a number.",
        "以 GET 下载 PDF 的网关路径；票据待赋号时为 null。"))


class ListReceipts(PageRequest):
    """Newest first. state `waiting`: those for which there is no number."""

    command = read_receipts.ListReceipts

    order_id = object_id(required=False, metadata=text(
        "Only receipts of this order; null for all.",
        "只查该订单的票据；null 为不限。"))
    state = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(receipts.RECEIPT.states),
        metadata=text(
        "waiting for those without a number, issued for the others; null for all.",
        "waiting 只查待赋号的票据，issued 只查已开具的；null 为不限。"))


class Receipts(PageReply):
    items = fields.List(fields.Nested(Receipt), required=True, metadata=text(
        "The receipts on this page, newest first.",
        "本页票据，最新的在前。"))


class VerifyReceipt(Message):
    command = verify_receipt.VerifyReceipt

    bill_code = fields.String(required=True, validate=validate.Regexp(BILL_CODE), metadata=texts.BILL_CODE)
    bill_number = fields.String(required=True, validate=validate.Regexp(BILL_NUMBER), metadata=texts.BILL_NUMBER)
    check_code = fields.String(required=True, validate=validate.Regexp(CHECK_CODE), metadata=text(
        "The check code (校验码) as printed on the receipt: 12 letters, 6 on older ones; capitals and small letters "
        "count alike.",
        "票面校验码，12 位（早期票据 6 位），不区分大小写。"))


class VerifiedReceipt(Message):
    """red_minor: how much of an original red-letter receipts have taken back."""

    genuine = fields.Boolean(required=True, metadata=text(
        "Whether a receipt with this code, number and check code was issued.",
        "是否开具过该代码、号码、校验码的票据。"))
    kind = fields.String(required=True, allow_none=True, metadata=text(
        "original or red (red-letter); null when it is not genuine.",
        "票据种类：original 原始票据，red 红字票据；票据不实为 null。"))
    amount_minor = fields.Integer(required=True, allow_none=True, metadata=text(
        "The receipt's amount, in minor units (分); null when it is not genuine.",
        "票据金额，单位为分；票据不实为 null。"))
    red_minor = fields.Integer(required=True, allow_none=True, metadata=text(
        "How much of the receipt red-letter receipts have taken back, in minor units (分); null when it is not "
        "genuine.",
        "已被红字冲销的金额，单位为分；票据不实为 null。"))
    issued_at = fields.AwareDateTime(required=True, allow_none=True, metadata=text(
        "When the receipt was issued, UTC; null when it is not genuine.",
        "开具时间（UTC）；票据不实为 null。"))


class ReceiptIssued(Receipt):
    """A receipt has its number."""


class ReceiptNumbersExhausted(Message):
    """A receipt waits: its collecting unit has no number left, or its original waits, too."""

    receipt_id = fields.String(required=True, metadata=texts.RECEIPT_ID)
    collecting_unit = fields.String(required=True, metadata=texts.COLLECTING_UNIT)


EVENTS = (
    EventContract("receipt-issued", ReceiptIssued, summary="A receipt has its number.",
    summary_zh="票据已开具。"),
    EventContract("receipt-numbers-exhausted", ReceiptNumbersExhausted, summary="A receipt waits for one.",
    summary_zh="执收单位票据号码用尽，票据待赋号。"),
)
