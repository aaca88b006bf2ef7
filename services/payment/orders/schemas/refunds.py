"""Refunds on the wire."""
from __future__ import annotations

from marshmallow import fields, validate

from services.payment.common.schemas import texts
from services.payment.common.schemas.fields import amount_minor, object_id
from services.payment.orders.domain import states
from services.payment.orders.domain.refund import FROM_SUSPENSE, TO_PAYER
from services.payment.orders.usecases import get_refund, refund_order
from shared_components.contracts import Message, text


class RefundOrder(Message):
    """refund_available_minor: what the caller believes can be refunded, as read from the order."""

    command = refund_order.RefundOrder

    order_id = object_id(metadata=text(
        "The paid order to refund.",
        "要退款的已缴费订单编号。"))
    amount_minor = amount_minor(metadata=text(
        "How much to refund, in minor units (分), at least 1.",
        "本次退款金额，单位为分，不少于 1。"))
    refund_available_minor = fields.Integer(required=True, strict=True, validate=validate.Range(min=0), metadata=text(
        "What the caller believes can be refunded, as read from the order, in minor units (分); refused when it "
        "has changed.",
        "调用方从订单读到的可退金额，单位为分；与当前不一致则拒绝，防止重复退款。"))
    reason = fields.String(required=True, validate=validate.Length(1, 200), metadata=text(
        "Why, up to 200 characters, without personal data; it is told to the channel.",
        "退款原因，200 字以内，不得含个人信息，会提供给支付渠道。"))


class Refund(Message):
    """kind `suspense`: money that came too late or twice, given back by itself."""

    refund_id = fields.String(required=True, metadata=texts.REFUND_ID)
    order_id = fields.String(required=True, metadata=texts.ORDER_ID)
    kind = fields.String(required=True, validate=validate.OneOf((TO_PAYER, FROM_SUSPENSE)), metadata=text(
        "order for a refund that was asked for, suspense for money that came too late or twice and goes back by "
        "itself.",
        "退款类别：order 申请退款，suspense 迟到或重复缴费自动退回。"))
    state = fields.String(required=True, validate=validate.OneOf(states.REFUND.states), metadata=text(
        "requested, submitted (to the channel), succeeded or failed.",
        "退款状态：requested 已受理，submitted 已提交渠道，succeeded 已退款，failed 退款失败。"))
    amount_minor = fields.Integer(required=True, metadata=text(
        "How much is refunded, in minor units (分).",
        "退款金额，单位为分。"))
    currency = fields.String(required=True, metadata=texts.CURRENCY)
    reason = fields.String(required=True, metadata=text(
        "Why the refund was made.",
        "退款原因。"))
    channel = fields.String(required=True, metadata=texts.CHANNEL)
    created_at = fields.AwareDateTime(required=True, metadata=texts.CREATED_AT)
    completed_at = fields.AwareDateTime(required=True, allow_none=True, metadata=text(
        "When the channel made or refused the refund, UTC; null before that.",
        "渠道完成或拒绝退款的时间（UTC）；处理中为 null。"))
    failure = fields.String(required=True, allow_none=True, metadata=text(
        "A constant for why it failed; null when it did not.",
        "失败原因代码；未失败为 null。"))


class GetRefund(Message):
    command = get_refund.GetRefund

    refund_id = object_id(metadata=texts.REFUND_ID)
