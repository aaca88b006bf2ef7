"""The books on the wire."""
from __future__ import annotations

from marshmallow import fields

from services.payment.common.schemas import texts
from services.payment.common.schemas.fields import currency, optional_text
from services.payment.ledger.usecases import ledger
from shared_components.contracts import Message, PageReply, PageRequest, text


class GetTrialBalance(Message):
    command = ledger.GetTrialBalance

    currency = currency(metadata=texts.CURRENCY)


class AccountBalance(Message):
    """balance_minor: debit less credit."""

    account = fields.String(required=True, metadata=texts.ACCOUNT)
    debit_minor = fields.Integer(required=True, metadata=texts.DEBIT_MINOR)
    credit_minor = fields.Integer(required=True, metadata=texts.CREDIT_MINOR)
    balance_minor = fields.Integer(required=True, metadata=text(
        "Debit less credit, in minor units (分).",
        "余额（借方减贷方），单位为分。"))


class TrialBalance(Message):
    currency = fields.String(required=True, metadata=texts.CURRENCY)
    accounts = fields.List(fields.Nested(AccountBalance), required=True, metadata=text(
        "Every account with its sums.",
        "各账户合计。"))
    total_debit_minor = fields.Integer(required=True, metadata=text(
        "The sum of all debits, in minor units (分).",
        "全部借方合计，单位为分。"))
    total_credit_minor = fields.Integer(required=True, metadata=text(
        "The sum of all credits, in minor units (分).",
        "全部贷方合计，单位为分。"))
    balanced = fields.Boolean(required=True, metadata=text(
        "Whether debits equal credits.",
        "借贷是否平衡。"))


class ListEntries(PageRequest):
    """Oldest first."""

    command = ledger.ListEntries

    currency = currency(metadata=texts.CURRENCY)
    account = optional_text(96, metadata=text(
        "Only entries on this account, either side; null for all.",
        "只查借方或贷方为该账户的分录；null 为不限。"))
    order_id = optional_text(64, metadata=text(
        "Only entries of this order; null for all.",
        "只查该订单的分录；null 为不限。"))


class Entry(Message):
    """One debit and one credit of the same amount. source: what it records; order_id: empty where it is of none."""

    entry_id = fields.String(required=True, metadata=text(
        "The entry's id, such as led_….",
        "分录编号（led_ 开头）。"))
    source = fields.String(required=True, metadata=text(
        "What the entry records, such as order-paid/<order_id>; each is posted once.",
        "记账依据，如 order-paid/订单编号；同一依据只记一次。"))
    debit_account = fields.String(required=True, metadata=text(
        "The account that is debited.",
        "借方账户。"))
    credit_account = fields.String(required=True, metadata=text(
        "The account that is credited.",
        "贷方账户。"))
    amount_minor = fields.Integer(required=True, metadata=texts.AMOUNT_MINOR)
    currency = fields.String(required=True, metadata=texts.CURRENCY)
    order_id = fields.String(required=True, metadata=text(
        "The order that the entry belongs to; empty where it is of none.",
        "分录所属的订单编号；不属于任何订单时为空。"))
    refund_id = fields.String(required=True, allow_none=True, metadata=text(
        "The refund that the entry belongs to; null where it is of none.",
        "分录所属的退款编号；不涉及退款为 null。"))
    posted_at = fields.AwareDateTime(required=True, metadata=text(
        "When it was posted, UTC.",
        "记账时间（UTC）。"))


class Entries(PageReply):
    items = fields.List(fields.Nested(Entry), required=True, metadata=text(
        "The entries on this page, oldest first.",
        "本页分录，最早的在前。"))
