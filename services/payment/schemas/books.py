"""Closing days, statements of accounts and payouts on the wire."""
from __future__ import annotations

from marshmallow import fields, validate

from services.payment.schemas.common import LARGEST_AMOUNT_MINOR, currency
from services.payment.schemas.ledger import AccountBalance, Entry
from shared_components.contracts import Message, PageReply, PageRequest


class CloseDay(Message):
    """business_day: a day in China that is over; days before it that are still open are closed with it."""

    business_day = fields.Date(required=True)


class DayBalance(AccountBalance):
    currency = fields.String(required=True)


class ClosedDay(Message):
    """balances: of everything posted up to and with the day. since: the day closed before, after which it begins."""

    business_day = fields.Date(required=True)
    since = fields.Date(required=True, allow_none=True)
    closed_at = fields.AwareDateTime(required=True)
    closed_by = fields.String(required=True)
    entry_count = fields.Integer(required=True)
    balances = fields.List(fields.Nested(DayBalance), required=True)


class GetAccountStatement(PageRequest):
    """Both days belong to the period."""

    account = fields.String(required=True, validate=validate.Length(1, 96))
    currency = currency()
    first_day = fields.Date(required=True)
    last_day = fields.Date(required=True)


class DatedEntry(Entry):
    business_day = fields.Date(required=True)


class AccountStatement(PageReply):
    """Balances are debit less credit. final: every day of the period is closed, so it will not change."""

    account = fields.String(required=True)
    currency = fields.String(required=True)
    first_day = fields.Date(required=True)
    last_day = fields.Date(required=True)
    opening_balance_minor = fields.Integer(required=True)
    debit_minor = fields.Integer(required=True)
    credit_minor = fields.Integer(required=True)
    closing_balance_minor = fields.Integer(required=True)
    entry_count = fields.Integer(required=True)
    final = fields.Boolean(required=True)
    items = fields.List(fields.Nested(DatedEntry), required=True)


class RecordPayout(Message):
    """paid_minor: arrived in 财政专户. business_day: whose money it is.

    fee_minor: kept by the channel; null where only the day's statement says it, which it must agree with otherwise.
    """

    channel = fields.String(required=True, validate=validate.Length(1, 20))
    business_day = fields.Date(required=True)
    paid_minor = fields.Integer(required=True, strict=True, validate=validate.Range(1, LARGEST_AMOUNT_MINOR))
    fee_minor = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(0, LARGEST_AMOUNT_MINOR)
    )
    currency = currency()


class RecordedPayout(Message):
    """fee_minor: what the channel has kept of that day by the books, whether payout or statement told it."""

    channel = fields.String(required=True)
    business_day = fields.Date(required=True)
    fee_minor = fields.Integer(required=True)
    entries = fields.List(fields.Nested(DatedEntry), required=True)
