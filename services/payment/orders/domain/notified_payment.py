"""Compare a notified payment with what was ordered."""
from __future__ import annotations

from services.payment.channels.domain.channel import Notification
from services.payment.channels.domain.errors import NotificationMismatch
from services.payment.orders.domain.order import Order


def check_payment(notification: Notification, order: Order) -> None:
    """Raises NotificationMismatch when the channel's word is not about what was ordered."""
    for name in ("tenant", "currency", "amount_minor"):
        if getattr(notification, name) != getattr(order, name):
            raise NotificationMismatch(
                f"notification {notification.event_id} differs from order {order.order_id} in {name}; "
                "only what was ordered is accepted",
                details={"field": name},
            )
