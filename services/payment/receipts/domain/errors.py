"""Errors of the receipts."""
from __future__ import annotations

from shared_components.kernel.errors import Conflict, InvalidInput, NotFound, TooManyRequests


class ReceiptUnknown(NotFound):
    code = "payment.receipt-unknown"
    texts = {"en": "There is no such receipt.", "zh": "电子票据不存在。"}


class ReceiptNumbersExhausted(Conflict):
    """The receipt waits for a number; put_receipt_range lets it go on. details: collecting_unit."""

    code = "payment.receipt-numbers-exhausted"
    texts = {"en": "There are no receipt numbers left.", "zh": "票据号段已用尽，等待补充。"}


class ReceiptRangeInvalid(InvalidInput):
    code = "payment.receipt-range-invalid"
    texts = {"en": "The range of receipt numbers is not valid.", "zh": "票据号段不正确。"}


class ReceiptRangeOverlaps(Conflict):
    code = "payment.receipt-range-overlaps"
    texts = {"en": "The range of receipt numbers overlaps another.", "zh": "票据号段与已有号段重叠。"}


class ReceiptTooLarge(Conflict):
    """details: bytes, limit."""

    code = "payment.receipt-too-large"
    texts = {"en": "The receipt's document is too large.", "zh": "电子票据文件过大。"}


class TooManyGuesses(TooManyRequests):
    """Too many wrong check codes for one number, the same for a number that does not exist. details: retry_after_s."""

    code = "payment.too-many-guesses"
    texts = {
        "en": "Too many wrong check codes for this receipt number; try again later.",
        "zh": "该票据号码的校验码错误次数过多，请稍后再试。",
    }
