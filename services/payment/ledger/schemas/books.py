"""Closing days, statements of accounts and payouts on the wire."""
from __future__ import annotations

from marshmallow import fields, validate

from services.payment.common.schemas import texts
from services.payment.common.schemas.fields import currency
from services.payment.ledger.schemas.ledger import AccountBalance, Entry
from services.payment.ledger.usecases import account_statement, close_day
from shared_components.contracts import Message, PageReply, PageRequest, text


class CloseDay(Message):
    """business_day: a day in China that is over; days before it that are still open are closed with it."""

    command = close_day.CloseDay

    business_day = fields.Date(required=True, metadata=text(
        "A business day in China that is over, YYYY-MM-DD; earlier days that are open are closed with it.",
        "已结束的营业日，YYYY-MM-DD（北京时间）；此前未关账的日期一并关账。"))


class DayBalance(AccountBalance):
    currency = fields.String(required=True, metadata=texts.CURRENCY)


class ClosedDay(Message):
    """balances: of everything posted up to and with the day. since: the day closed before, after which it begins."""

    business_day = fields.Date(required=True, metadata=texts.BUSINESS_DAY)
    since = fields.Date(required=True, allow_none=True, metadata=text(
        "The day that was closed before, after which this closing begins; null for the first.",
        "上一个已关账的营业日，本次自其次日起；首次关账为 null。"))
    closed_at = fields.AwareDateTime(required=True, metadata=text(
        "When the day was closed, UTC.",
        "关账时间（UTC）。"))
    closed_by = fields.String(required=True, metadata=text(
        "Who has closed the day: a caller's name.",
        "关账的调用方名称。"))
    entry_count = fields.Integer(required=True, metadata=texts.ENTRY_COUNT)
    balances = fields.List(fields.Nested(DayBalance), required=True, metadata=text(
        "The balance of each account after everything posted up to and with the day.",
        "截至该营业日终的各账户余额。"))


class GetAccountStatement(PageRequest):
    """Both days belong to the period."""

    command = account_statement.GetAccountStatement

    account = fields.String(required=True, validate=validate.Length(1, 96), metadata=texts.ACCOUNT)
    currency = currency(metadata=texts.CURRENCY)
    first_day = fields.Date(required=True, metadata=texts.FIRST_DAY)
    last_day = fields.Date(required=True, metadata=texts.LAST_DAY)


class DatedEntry(Entry):
    business_day = fields.Date(required=True, metadata=texts.BUSINESS_DAY)


class AccountStatement(PageReply):
    """Balances are debit less credit. final: every day of the period is closed, so it will not change."""

    account = fields.String(required=True, metadata=texts.ACCOUNT)
    currency = fields.String(required=True, metadata=texts.CURRENCY)
    first_day = fields.Date(required=True, metadata=texts.FIRST_DAY)
    last_day = fields.Date(required=True, metadata=texts.LAST_DAY)
    opening_balance_minor = fields.Integer(required=True, metadata=text(
        "The balance before the first day, debit less credit, in minor units (分).",
        "期初余额（借方减贷方），单位为分。"))
    debit_minor = fields.Integer(required=True, metadata=texts.DEBIT_MINOR)
    credit_minor = fields.Integer(required=True, metadata=texts.CREDIT_MINOR)
    closing_balance_minor = fields.Integer(required=True, metadata=text(
        "The balance after the last day, debit less credit, in minor units (分).",
        "期末余额（借方减贷方），单位为分。"))
    entry_count = fields.Integer(required=True, metadata=texts.ENTRY_COUNT)
    final = fields.Boolean(required=True, metadata=texts.FINAL)
    items = fields.List(fields.Nested(DatedEntry), required=True, metadata=text(
        "The entries on this page, by business day.",
        "本页分录，按营业日排序。"))
