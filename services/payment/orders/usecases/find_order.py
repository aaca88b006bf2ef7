"""Find an order for one call by its permit, or for work in a tenant."""
from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from services.payment.orders.domain.errors import OrderUnknown
from services.payment.orders.domain.order import Order
from services.payment.orders.domain.ports import HasOrders
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


def order_of(tx: HasOrders, tenant: str, order_id: str) -> Order:
    """Raises OrderUnknown, also for another tenant's order."""
    order = tx.orders.get(tenant, order_id)
    if order is None:
        raise unknown(order_id)
    return order


def own_order(tx: HasOrders, context: CallContext, order_id: str) -> Order:
    """Give an order to one call. Raises OrderUnknown, also where the call may not see the order."""
    (found,) = tx.orders.read([(context, order_id)])
    if isinstance(found, AppError):
        raise found
    return found


def orders_of(tx: HasOrders, tenant: str, order_ids: Collection[str]) -> list[Order]:
    """With their lines, by id. Raises OrderUnknown when one of them is."""
    found = tx.orders.several(tenant, order_ids)
    missing = sorted(set(order_ids) - {order.order_id for order in found})
    if missing:
        raise unknown(missing[0])
    return found


def locked_order(tx: HasOrders, tenant: str, order_id: str) -> Order:
    """Without its lines, and nobody else changes it before the transaction ends. Raises OrderUnknown."""
    order = tx.orders.lock([order_id]).get(order_id)
    if order is None or order.tenant != tenant:
        raise unknown(order_id)
    return order


def unknown(order_id: str) -> OrderUnknown:
    return OrderUnknown(Bilingual(
        f"order {order_id!r} does not exist; create_order gives the ids that do",
        f"订单“{order_id}”不存在；编号由 create_order 给出"))
