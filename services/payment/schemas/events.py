"""The events of payment. Each carries the order's reference and metadata, by which an app finds its own thing."""
from __future__ import annotations

from marshmallow import fields

from services.payment.schemas.receipts import ReceiptIssued, ReceiptNumbersExhausted
from services.payment.schemas.webhooks import WebhookSuspended
from shared_components.contracts import EventContract, Message


class OrderEvent(Message):
    order_id = fields.String(required=True)
    state = fields.String(required=True)
    reference = fields.String(required=True, allow_none=True)
    metadata = fields.Dict(keys=fields.String(), required=True)
    amount_minor = fields.Integer(required=True)
    currency = fields.String(required=True)
    pay_code = fields.String(required=True)


class OrderCreated(OrderEvent):
    """An order was made."""


class PaymentStarted(OrderEvent):
    """A channel was told of the order; the payer may pay now."""


class OrderPaid(OrderEvent):
    """The order's money has arrived."""

    paid_at = fields.AwareDateTime(required=True)


class OrderClosed(OrderEvent):
    """The order will not be paid; state: closed, expired or failed."""

    closed_at = fields.AwareDateTime(required=True)


class OrderRefunded(OrderEvent):
    """The channel has given money back; refunded_minor: all refunds together."""

    refund_id = fields.String(required=True)
    refund_amount_minor = fields.Integer(required=True)
    refunded_minor = fields.Integer(required=True)


class RefundEvent(Message):
    refund_id = fields.String(required=True)
    order_id = fields.String(required=True)
    kind = fields.String(required=True)
    state = fields.String(required=True)
    amount_minor = fields.Integer(required=True)
    currency = fields.String(required=True)
    reference = fields.String(required=True, allow_none=True)
    metadata = fields.Dict(keys=fields.String(), required=True)


class RefundRequested(RefundEvent):
    """A refund was promised; the channel is asked next."""


class RefundSucceeded(RefundEvent):
    """The channel has made the refund."""


class RefundFailed(RefundEvent):
    """The channel has refused the refund for good; the amount is available again."""


EVENTS = (
    EventContract("order-created", OrderCreated, summary="An order was made."),
    EventContract("payment-started", PaymentStarted, summary="The payer may pay now."),
    EventContract("order-paid", OrderPaid, summary="The order's money has arrived."),
    EventContract("order-closed", OrderClosed, summary="The order will not be paid."),
    EventContract("order-refunded", OrderRefunded, summary="The channel has given money back."),
    EventContract("refund-requested", RefundRequested, summary="A refund was promised."),
    EventContract("refund-succeeded", RefundSucceeded, summary="The channel has made the refund."),
    EventContract("refund-failed", RefundFailed, summary="The channel has refused the refund."),
    EventContract("receipt-issued", ReceiptIssued, summary="A receipt has its number."),
    EventContract("receipt-numbers-exhausted", ReceiptNumbersExhausted, summary="A receipt waits for one."),
    EventContract("webhook-suspended", WebhookSuspended, summary="A dead webhook gets nothing more."),
)
