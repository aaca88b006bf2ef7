"""Payouts of channels on the wire."""
from __future__ import annotations

from marshmallow import fields, validate

from services.payment.common.schemas import texts
from services.payment.common.schemas.fields import LARGEST_AMOUNT_MINOR, currency
from services.payment.ledger.schemas.books import DatedEntry
from services.payment.reconciliation.usecases import payouts
from shared_components.contracts import Message, text


class RecordPayout(Message):
    """paid_minor: arrived in 财政专户. business_day: whose money it is.

    fee_minor: kept by the channel; null where only the day's statement says it, which it must agree with otherwise.
    """

    command = payouts.RecordPayout

    channel = fields.String(required=True, validate=validate.Length(1, 20), metadata=texts.CHANNEL)
    business_day = fields.Date(required=True, metadata=text(
        "The business day whose money was paid out, YYYY-MM-DD.",
        "所划款项对应的营业日，YYYY-MM-DD（北京时间）。"))
    paid_minor = fields.Integer(required=True, strict=True, validate=validate.Range(1, LARGEST_AMOUNT_MINOR),
        metadata=text(
        "How much has arrived in the fiscal account (财政专户), in minor units (分).",
        "已到财政专户的金额，单位为分。"))
    fee_minor = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(0, LARGEST_AMOUNT_MINOR),
        metadata=text(
        "What the channel has kept, in minor units (分); null to take it from the day's statement, with which it "
        "must agree.",
        "渠道扣收的手续费，单位为分；null 则以当日对账单为准，填写时须与其一致。"))
    currency = currency(metadata=texts.CURRENCY)


class RecordedPayout(Message):
    """fee_minor: what the channel has kept of that day by the books, whether payout or statement told it."""

    channel = fields.String(required=True, metadata=texts.CHANNEL)
    business_day = fields.Date(required=True, metadata=texts.BUSINESS_DAY)
    fee_minor = fields.Integer(required=True, metadata=text(
        "What the channel has kept of that day by the books, in minor units (分).",
        "账面上渠道当日手续费，单位为分。"))
    entries = fields.List(fields.Nested(DatedEntry), required=True, metadata=text(
        "The entries that were posted, each with its business day.",
        "所记分录及其营业日。"))
