"""Receipts on the wire."""
from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.payment.domain import receipt as receipts
from services.payment.schemas.common import object_id
from services.payment.schemas.fee_items import COLLECTING_UNIT
from shared_components.contracts import Message, PageReply, PageRequest

BILL_CODE = r"^[0-9]{8}\Z"
BILL_NUMBER = r"^[0-9]{10}\Z"
LARGEST_NUMBER = 9_999_999_999


class PutReceiptRange(Message):
    """bill_code: 票据代码, 8 digits; numbers: 票据号码, both ends belong to the range."""

    collecting_unit = fields.String(required=True, validate=validate.Regexp(COLLECTING_UNIT))
    bill_code = fields.String(required=True, validate=validate.Regexp(BILL_CODE))
    first_number = fields.Integer(required=True, strict=True, validate=validate.Range(1, LARGEST_NUMBER))
    last_number = fields.Integer(required=True, strict=True, validate=validate.Range(1, LARGEST_NUMBER))


class ReceiptRange(Message):
    range_id = fields.String(required=True)
    collecting_unit = fields.String(required=True)
    bill_code = fields.String(required=True)
    first_number = fields.Integer(required=True)
    last_number = fields.Integer(required=True)
    left = fields.Integer(required=True)
    created_at = fields.AwareDateTime(required=True)


class PutReceiptRangeReply(ReceiptRange):
    """issued: receipts that had waited and have their number now."""

    issued = fields.Integer(required=True)


class ListReceiptRanges(PageRequest):
    """Oldest first, as they are used."""

    collecting_unit = fields.String(load_default=None, allow_none=True, validate=validate.Regexp(COLLECTING_UNIT))


class ReceiptRanges(PageReply):
    items = fields.List(fields.Nested(ReceiptRange), required=True)


class Receipt(Message):
    """amount_minor: negative on a red-letter receipt. Number, check code and issued_at are None while it waits."""

    receipt_id = fields.String(required=True)
    order_id = fields.String(required=True)
    refund_id = fields.String(required=True, allow_none=True)
    kind = fields.String(required=True, validate=validate.OneOf((receipts.BLUE, receipts.RED)))
    original_id = fields.String(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(receipts.RECEIPT.states))
    bill_code = fields.String(required=True, allow_none=True)
    bill_number = fields.String(required=True, allow_none=True)
    check_code = fields.String(required=True, allow_none=True)
    amount_minor = fields.Integer(required=True)
    currency = fields.String(required=True)
    collecting_unit = fields.String(required=True)
    pay_code = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    issued_at = fields.AwareDateTime(required=True, allow_none=True)


class Bill(Message):
    bill_code = fields.String(required=True)
    bill_number = fields.String(required=True)


class GetReceipt(Message):
    """receipt_id, or order_id for the order's original receipt."""

    receipt_id = object_id(required=False)
    order_id = object_id(required=False)
    with_pdf = fields.Boolean(load_default=False)

    @validates_schema
    def one_id(self, data: dict[str, Any], **_: Any) -> None:
        if (data.get("receipt_id") is None) == (data.get("order_id") is None):
            raise ValidationError("one of receipt_id and order_id is required, not both", "receipt_id")


class WholeReceipt(Receipt):
    """original_bill: the number of the receipt that a red-letter one takes back.

    pdf_path: where the gateway gives the PDF as a file, with GET; None while it waits.
    """

    original_bill = fields.Nested(Bill, required=True, allow_none=True)
    payer_name = fields.String(required=True, metadata={"data_class": "personal"})
    pdf_base64 = fields.String(
        required=True, allow_none=True, metadata={"data_class": "personal", "media_type": "application/pdf"})
    pdf_path = fields.String(allow_none=True)


class ListReceipts(PageRequest):
    """Newest first. state `waiting`: those for which there is no number."""

    order_id = object_id(required=False)
    state = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(receipts.RECEIPT.states))


class Receipts(PageReply):
    items = fields.List(fields.Nested(Receipt), required=True)


class VerifyReceipt(Message):
    bill_code = fields.String(required=True, validate=validate.Regexp(BILL_CODE))
    bill_number = fields.String(required=True, validate=validate.Regexp(BILL_NUMBER))
    check_code = fields.String(required=True, validate=validate.Regexp(r"^[0-9A-Za-z]{6}\Z"))


class VerifiedReceipt(Message):
    """red_minor: how much of an original red-letter receipts have taken back."""

    genuine = fields.Boolean(required=True)
    kind = fields.String(required=True, allow_none=True)
    amount_minor = fields.Integer(required=True, allow_none=True)
    red_minor = fields.Integer(required=True, allow_none=True)
    issued_at = fields.AwareDateTime(required=True, allow_none=True)


class ReceiptIssued(Receipt):
    """A receipt has its number."""


class ReceiptNumbersExhausted(Message):
    """A receipt waits: its collecting unit has no number left, or its original waits, too."""

    receipt_id = fields.String(required=True)
    collecting_unit = fields.String(required=True)
