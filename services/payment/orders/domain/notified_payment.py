"""Compare a notified payment with what was ordered."""
from __future__ import annotations

from services.payment.channels.domain.channel import Notification
from services.payment.channels.domain.errors import NotificationMismatch
from services.payment.orders.domain.order import Order
from shared_components.kernel.bilingual import Bilingual


def check_payment(notification: Notification, order: Order) -> None:
    """Raises NotificationMismatch when the channel's word is not about what was ordered."""
    for name in ("tenant", "currency", "amount_minor"):
        if getattr(notification, name) != getattr(order, name):
            raise NotificationMismatch(
                Bilingual(
                    f"notification {notification.event_id} differs from order {order.order_id} in {name}; "
                    "only what was ordered is accepted",
                    f"通知 {notification.event_id} 与订单 {order.order_id} 的 {name} 不一致；只接受与订单一致的通知"),
                details={"field": name},
            )
