"""Views, as the reply and event schemas expect them."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypedDict

from services.payment.orders.domain.order import Order, OrderLine
from services.payment.orders.domain.refund import Refund


class OrderLineView(TypedDict):
    item_code: str
    item_version: int
    name: str
    unit: str
    quantity: int
    price_minor: int
    amount_minor: int
    limit_date: date | None
    overdue_days: int


class OrderView(TypedDict):
    order_id: str
    state: str
    amount_minor: int
    currency: str
    pay_code: str
    collecting_unit: str
    payer_subject: str | None
    lines: list[OrderLineView]
    paid_minor: int
    refunded_minor: int
    refund_available_minor: int
    reference: str | None
    return_url: str | None
    metadata: Mapping[str, object]
    channel: str | None
    created_at: datetime
    expires_at: datetime
    paid_at: datetime | None


class RefundView(TypedDict):
    refund_id: str
    order_id: str
    kind: str
    state: str
    amount_minor: int
    currency: str
    reason: str
    channel: str
    created_at: datetime
    completed_at: datetime | None
    failure: str | None


class OrderFacts(TypedDict):
    order_id: str
    state: str
    reference: str | None
    metadata: Mapping[str, object]
    amount_minor: int
    currency: str
    pay_code: str


class RefundFacts(TypedDict):
    refund_id: str
    order_id: str
    kind: str
    state: str
    amount_minor: int
    currency: str
    reference: str | None
    metadata: Mapping[str, object]


def order(order: Order) -> OrderView:
    return {
        "order_id": order.order_id,
        "state": order.state,
        "amount_minor": order.amount_minor,
        "currency": order.currency,
        "pay_code": order.pay_code,
        "collecting_unit": order.collecting_unit,
        "payer_subject": order.payer_subject,
        "lines": [_line(line) for line in order.lines],
        "paid_minor": order.paid_minor,
        "refunded_minor": order.refunded_minor,
        "refund_available_minor": order.refund_available_minor,
        "reference": order.reference,
        "return_url": order.return_url,
        "metadata": order.metadata,
        "channel": order.channel,
        "created_at": order.created_at,
        "expires_at": order.expires_at,
        "paid_at": order.paid_at,
    }


def refund(refund: Refund) -> RefundView:
    return {
        "refund_id": refund.refund_id,
        "order_id": refund.order_id,
        "kind": refund.kind,
        "state": refund.state,
        "amount_minor": refund.amount_minor,
        "currency": refund.currency,
        "reason": refund.reason,
        "channel": refund.channel,
        "created_at": refund.created_at,
        "completed_at": refund.completed_at,
        "failure": refund.failure,
    }


def order_event(order: Order) -> OrderFacts:
    """Data of every event of an order; metadata and reference let the app find its own thing again."""
    return {
        "order_id": order.order_id,
        "state": order.state,
        "reference": order.reference,
        "metadata": order.metadata,
        "amount_minor": order.amount_minor,
        "currency": order.currency,
        "pay_code": order.pay_code,
    }


def refund_event(refund: Refund, order: Order) -> RefundFacts:
    return {
        "refund_id": refund.refund_id,
        "order_id": refund.order_id,
        "kind": refund.kind,
        "state": refund.state,
        "amount_minor": refund.amount_minor,
        "currency": refund.currency,
        "reference": order.reference,
        "metadata": order.metadata,
    }


def _line(line: OrderLine) -> OrderLineView:
    return {
        "item_code": line.item_code,
        "item_version": line.item_version,
        "name": line.name,
        "unit": line.unit,
        "quantity": line.quantity,
        "price_minor": line.price_minor,
        "amount_minor": line.amount_minor,
        "limit_date": line.limit_date,
        "overdue_days": line.overdue_days,
    }
