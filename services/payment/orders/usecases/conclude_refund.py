"""The channel has the last word on a refund: given back, or refused for good."""
from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Protocol

from services.payment.channels.domain.channel import Notification
from services.payment.channels.domain.errors import NotificationMismatch
from services.payment.ledger.domain.ledger import Entry
from services.payment.orders.domain import postings, states
from services.payment.orders.domain.errors import RefundUnknown
from services.payment.orders.domain.order import Order
from services.payment.orders.domain.ports import HasOrders, HasRefunds
from services.payment.orders.domain.refund import FROM_SUSPENSE, Refund
from services.payment.orders.usecases import events
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.transactions import HasEvents


class ConcludeRefundTx(HasEvents, HasOrders, HasRefunds, Protocol):
    """Ports that `conclude` uses."""


def check_refund(tx: HasRefunds, notification: Notification) -> None:
    """Raises RefundUnknown, NotificationMismatch."""
    refund_id = str(notification.refund_id)
    refund = tx.refunds.get(str(notification.tenant), refund_id)
    if refund is None:
        raise RefundUnknown(Bilingual(
            f"refund {refund_id!r} does not exist; refund_order gives the ids that do",
            f"退款“{refund_id}”不存在；编号由 refund_order 给出"))
    compared = ["order_id", "currency", "trade_no"]
    if notification.kind != "refund-changed":
        compared.append("amount_minor")
    for name in compared:
        if getattr(notification, name) != getattr(refund, name):
            raise NotificationMismatch(
                Bilingual(
                    f"notification {notification.event_id} differs from refund {refund_id} in {name}; "
                    "only what was asked for is accepted",
                    f"通知 {notification.event_id} 与退款 {refund_id} 的 {name} 不一致；只接受与申请一致的通知"),
                details={"field": name},
            )


def conclude(
    tx: ConcludeRefundTx, order: Order, refund_id: str, state: str, *, failure: str | None, at: datetime
) -> tuple[Order, Entry] | None:
    """The order as it is then, and the entry that the caller posts; None when the refund was concluded before.

    order: locked by this transaction; state: 'succeeded' or 'failed'.
    """
    refund = tx.refunds.lock(refund_id)
    if refund is None or not refund.is_open:
        return None
    concluded = replace(refund, state=state, completed_at=at, failure=failure)
    tx.refunds.conclude(refund, state, at=at, failure=failure)
    events.emit_refund_concluded(tx, refund, concluded, order)
    if state == states.SUCCEEDED:
        return _given_back(tx, order, concluded), postings.refund_done(order, refund, at)
    return _kept(tx, order, refund), postings.refund_withdrawn(order, refund, at)


def _given_back(tx: ConcludeRefundTx, order: Order, refund: Refund) -> Order:
    if refund.kind == FROM_SUSPENSE:
        return order
    state = order.state_after_refund(refund.amount_minor)
    tx.orders.settle_refund(order, refund.amount_minor, state)
    after = replace(
        order, state=state, sequence=order.sequence + 1,
        refunded_minor=order.refunded_minor + refund.amount_minor,
        refund_pending_minor=order.refund_pending_minor - refund.amount_minor,
    )
    events.emit_order_refunded(tx, order, after, refund)
    return after


def _kept(tx: HasOrders, order: Order, refund: Refund) -> Order:
    """The promise is off: the amount is available again. (What the channel will not return stays with the ledger.)"""
    if refund.kind == FROM_SUSPENSE:
        return order
    tx.orders.release_refund(order, refund.amount_minor)
    return replace(order, refund_pending_minor=order.refund_pending_minor - refund.amount_minor)
