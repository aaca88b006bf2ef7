"""Refunds on the wire."""
from __future__ import annotations

from marshmallow import fields, validate

from services.payment.domain import states
from services.payment.domain.refund import FROM_SUSPENSE, TO_PAYER
from services.payment.schemas.common import amount_minor, object_id
from shared_components.contracts import Message


class RefundOrder(Message):
    """refund_available_minor: what the caller believes can be refunded, as read from the order."""

    order_id = object_id()
    amount_minor = amount_minor()
    refund_available_minor = fields.Integer(required=True, strict=True, validate=validate.Range(min=0))
    reason = fields.String(required=True, validate=validate.Length(1, 200))


class Refund(Message):
    """kind `suspense`: money that came too late or twice, given back by itself."""

    refund_id = fields.String(required=True)
    order_id = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf((TO_PAYER, FROM_SUSPENSE)))
    state = fields.String(required=True, validate=validate.OneOf(states.REFUND.states))
    amount_minor = fields.Integer(required=True)
    currency = fields.String(required=True)
    reason = fields.String(required=True)
    channel = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    completed_at = fields.AwareDateTime(required=True, allow_none=True)
    failure = fields.String(required=True, allow_none=True)


class GetRefund(Message):
    refund_id = object_id()
