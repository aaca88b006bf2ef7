"""The settlement report on the wire."""
from __future__ import annotations

from marshmallow import fields

from services.payment.schemas.common import currency
from shared_components.contracts import Message


class GetSettlement(Message):
    """business_day: a day in China that is over."""

    business_day = fields.Date(required=True)
    currency = currency()


class SettlementSums(Message):
    """net_minor = paid_minor - refunded_minor + other_minor, the last being corrections."""

    paid_count = fields.Integer(required=True)
    paid_minor = fields.Integer(required=True)
    refund_count = fields.Integer(required=True)
    refunded_minor = fields.Integer(required=True)
    other_minor = fields.Integer(required=True)
    net_minor = fields.Integer(required=True)


class UnitSettlement(SettlementSums):
    collecting_unit = fields.String(required=True)


class Settlement(SettlementSums):
    """Sums over all units. final: the day is closed, and the report will not change."""

    business_day = fields.Date(required=True)
    currency = fields.String(required=True)
    final = fields.Boolean(required=True)
    units = fields.List(fields.Nested(UnitSettlement), required=True)
