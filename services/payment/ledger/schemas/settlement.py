"""The settlement report on the wire."""
from __future__ import annotations

from marshmallow import fields

from services.payment.common.schemas import texts
from services.payment.common.schemas.fields import currency
from services.payment.ledger.usecases import settlement
from shared_components.contracts import Message, text


class GetSettlement(Message):
    """business_day: a day in China that is over."""

    command = settlement.GetSettlement

    business_day = fields.Date(required=True, metadata=text(
        "A business day in China that is over, YYYY-MM-DD.",
        "已结束的营业日，YYYY-MM-DD（北京时间）。"))
    currency = currency(metadata=texts.CURRENCY)


class SettlementSums(Message):
    """net_minor = paid_minor - refunded_minor + other_minor, the last being corrections."""

    paid_count = fields.Integer(required=True, metadata=text(
        "How many payments.",
        "收款笔数。"))
    paid_minor = fields.Integer(required=True, metadata=text(
        "The sum of payments, in minor units (分).",
        "收款合计，单位为分。"))
    refund_count = fields.Integer(required=True, metadata=texts.REFUND_COUNT)
    refunded_minor = fields.Integer(required=True, metadata=text(
        "The sum of refunds, in minor units (分).",
        "退款合计，单位为分。"))
    other_minor = fields.Integer(required=True, metadata=text(
        "Corrections, in minor units (分); may be negative.",
        "更正金额，单位为分，可为负数。"))
    net_minor = fields.Integer(required=True, metadata=text(
        "What is owed: paid less refunded and with corrections, in minor units (分).",
        "应缴净额（收款减退款加更正），单位为分。"))


class UnitSettlement(SettlementSums):
    collecting_unit = fields.String(required=True, metadata=texts.COLLECTING_UNIT)


class Settlement(SettlementSums):
    """Sums over all units. final: the day is closed, and the report will not change."""

    business_day = fields.Date(required=True, metadata=texts.BUSINESS_DAY)
    currency = fields.String(required=True, metadata=texts.CURRENCY)
    final = fields.Boolean(required=True, metadata=texts.FINAL)
    units = fields.List(fields.Nested(UnitSettlement), required=True, metadata=text(
        "The sums of each collecting unit.",
        "各执收单位的合计。"))
