"""The books on the wire."""
from __future__ import annotations

from marshmallow import fields

from services.payment.schemas.common import currency, optional_text
from shared_components.contracts import Message, PageReply, PageRequest


class GetTrialBalance(Message):
    currency = currency()


class AccountBalance(Message):
    """balance_minor: debit less credit."""

    account = fields.String(required=True)
    debit_minor = fields.Integer(required=True)
    credit_minor = fields.Integer(required=True)
    balance_minor = fields.Integer(required=True)


class TrialBalance(Message):
    currency = fields.String(required=True)
    accounts = fields.List(fields.Nested(AccountBalance), required=True)
    total_debit_minor = fields.Integer(required=True)
    total_credit_minor = fields.Integer(required=True)
    balanced = fields.Boolean(required=True)


class ListEntries(PageRequest):
    """Oldest first."""

    currency = currency()
    account = optional_text(96)
    order_id = optional_text(64)


class Entry(Message):
    """One debit and one credit of the same amount. source: what it records; order_id: empty where it is of none."""

    entry_id = fields.String(required=True)
    source = fields.String(required=True)
    debit_account = fields.String(required=True)
    credit_account = fields.String(required=True)
    amount_minor = fields.Integer(required=True)
    currency = fields.String(required=True)
    order_id = fields.String(required=True)
    refund_id = fields.String(required=True, allow_none=True)
    posted_at = fields.AwareDateTime(required=True)


class Entries(PageReply):
    items = fields.List(fields.Nested(Entry), required=True)
