"""The events of payment. Each carries the order's reference and metadata, by which an app finds its own thing."""
from __future__ import annotations

from marshmallow import fields

from services.payment.common.schemas import texts
from shared_components.contracts import EventContract, Message, text


class OrderEvent(Message):
    order_id = fields.String(required=True, metadata=texts.ORDER_ID)
    state = fields.String(required=True, metadata=texts.STATE)
    reference = fields.String(required=True, allow_none=True, metadata=texts.REFERENCE)
    metadata = fields.Dict(keys=fields.String(), required=True, metadata=texts.METADATA)
    amount_minor = fields.Integer(required=True, metadata=text(
        "The order's amount, in minor units (分).",
        "订单应缴金额，单位为分。"))
    currency = fields.String(required=True, metadata=texts.CURRENCY)
    pay_code = fields.String(required=True, metadata=texts.PAY_CODE)


class OrderCreated(OrderEvent):
    """An order was made."""


class PaymentStarted(OrderEvent):
    """A channel was told of the order; the payer may pay now."""


class OrderPaid(OrderEvent):
    """The order's money has arrived."""

    paid_at = fields.AwareDateTime(required=True, metadata=text(
        "When the money arrived, UTC.",
        "缴费到账时间（UTC）。"))


class OrderClosed(OrderEvent):
    """The order will not be paid; state: closed, expired or failed."""

    closed_at = fields.AwareDateTime(required=True, metadata=text(
        "When the order ended without payment, UTC.",
        "订单未缴费而终止的时间（UTC）。"))


class OrderRefunded(OrderEvent):
    """The channel has given money back; refunded_minor: all refunds together."""

    refund_id = fields.String(required=True, metadata=texts.REFUND_ID)
    refund_amount_minor = fields.Integer(required=True, metadata=text(
        "How much this refund gave back, in minor units (分).",
        "本次退款金额，单位为分。"))
    refunded_minor = fields.Integer(required=True, metadata=texts.REFUNDED_MINOR)


class RefundEvent(Message):
    refund_id = fields.String(required=True, metadata=texts.REFUND_ID)
    order_id = fields.String(required=True, metadata=texts.ORDER_ID)
    kind = fields.String(required=True, metadata=text(
        "As in get_refund: asked for, or given back by itself.",
        "退款类别，取值同 get_refund。"))
    state = fields.String(required=True, metadata=text(
        "The refund's state after the event: requested, submitted, succeeded or failed.",
        "事件发生后的退款状态，取值同 get_refund。"))
    amount_minor = fields.Integer(required=True, metadata=text(
        "How much is refunded, in minor units (分).",
        "退款金额，单位为分。"))
    currency = fields.String(required=True, metadata=texts.CURRENCY)
    reference = fields.String(required=True, allow_none=True, metadata=texts.REFERENCE)
    metadata = fields.Dict(keys=fields.String(), required=True, metadata=texts.METADATA)


class RefundRequested(RefundEvent):
    """A refund was promised; the channel is asked next."""


class RefundSucceeded(RefundEvent):
    """The channel has made the refund."""


class RefundFailed(RefundEvent):
    """The channel has refused the refund for good; the amount is available again."""


EVENTS = (
    EventContract("order-created", OrderCreated, summary="An order was made.",
    summary_zh="订单已创建。"),
    EventContract("payment-started", PaymentStarted, summary="The payer may pay now.",
    summary_zh="已发起支付，缴款人可以缴费。"),
    EventContract("order-paid", OrderPaid, summary="The order's money has arrived.",
    summary_zh="订单款项已到账。"),
    EventContract("order-closed", OrderClosed, summary="The order will not be paid.",
    summary_zh="订单未缴费而终止。"),
    EventContract("order-refunded", OrderRefunded, summary="The channel has given money back.",
    summary_zh="渠道已退款。"),
    EventContract("refund-requested", RefundRequested, summary="A refund was promised.",
    summary_zh="退款已受理。"),
    EventContract("refund-succeeded", RefundSucceeded, summary="The channel has made the refund.",
    summary_zh="渠道已完成退款。"),
    EventContract("refund-failed", RefundFailed, summary="The channel has refused the refund.",
    summary_zh="渠道拒绝退款，金额恢复可退。"),
)
