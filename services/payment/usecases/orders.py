"""Read orders, and close one that nobody will pay."""
from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from services.payment.domain import states
from services.payment.domain.errors import OrderUnknown
from services.payment.domain.order import Order
from services.payment.domain.ports import PaymentUnit
from services.payment.usecases import recording, views
from shared_components.kernel.paging import PagedList

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call, CallContext

ORDERS = PagedList[str]("payment.list_orders", str)


def order_of(unit: PaymentUnit, tenant: str, order_id: str) -> Order:
    """Raises OrderUnknown, also for another tenant's order."""
    order = unit.orders.get(tenant, order_id)
    if order is None:
        raise unknown(order_id)
    return order


def own_order(unit: PaymentUnit, context: CallContext, order_id: str) -> Order:
    """Raises OrderUnknown, also for another app's order."""
    order = order_of(unit, context.tenant, order_id)
    if not context.reaches(order.app):
        raise unknown(order_id)
    return order


def locked_own_order(unit: PaymentUnit, context: CallContext, order_id: str) -> Order:
    """As `locked_order`. Raises OrderUnknown, also for another app's order."""
    order = locked_order(unit, context.tenant, order_id)
    if not context.reaches(order.app):
        raise unknown(order_id)
    return order


def orders_of(unit: PaymentUnit, tenant: str, order_ids: Collection[str]) -> list[Order]:
    """With their lines, by id. Raises OrderUnknown when one of them is."""
    found = unit.orders.several(tenant, order_ids)
    missing = sorted(set(order_ids) - {order.order_id for order in found})
    if missing:
        raise unknown(missing[0])
    return found


def locked_order(unit: PaymentUnit, tenant: str, order_id: str) -> Order:
    """Without its lines, and nobody else changes it before the unit ends. Raises OrderUnknown."""
    order = unit.orders.lock([order_id]).get(order_id)
    if order is None or order.tenant != tenant:
        raise unknown(order_id)
    return order


def unknown(order_id: str) -> OrderUnknown:
    return OrderUnknown(f"order {order_id!r} does not exist; create_order gives the ids that do")


def get_order(unit: PaymentUnit, call: Call) -> Mapping[str, Any]:
    return views.order(own_order(unit, call.context, call.data["order_id"]))


def list_orders(unit: PaymentUnit, call: Call) -> Mapping[str, Any]:
    data = call.data
    page = ORDERS.asked(data, call.context.tenant, *(call.context.makers or ()))
    found = unit.orders.page(
        call.context.tenant, apps=call.context.makers, state=data.get("state"), reference=data.get("reference"),
        payer_subject=data.get("payer_subject"), before=page.after, limit=page.fetch,
    )
    return page.reply(found, view=views.order, key=lambda order: order.order_id)


def close_order(unit: PaymentUnit, call: Call) -> Mapping[str, Any]:
    """Money that was already on its way goes to suspense and back to the payer."""
    tenant, order_id = call.context.tenant, call.data["order_id"]
    locked_own_order(unit, call.context, order_id).check_closable()
    order = order_of(unit, tenant, order_id)
    end_order(unit, order, states.CLOSED)
    if order.channel is not None:
        unit.orders.ask_now([order_id], unit.clock.now())  # the sweep closes it at the channel
    return views.order(order_of(unit, tenant, order_id))


def end_order(unit: PaymentUnit, order: Order, state: str) -> None:
    """order: locked by this unit."""
    at = unit.clock.now()
    unit.orders.end([order.order_id], state, at)
    recording.order_moved(unit, order, replace(order, state=state, sequence=order.sequence + 1), at)
