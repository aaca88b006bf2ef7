"""Read orders, and close one that nobody will pay."""
from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from services.payment.domain import states
from services.payment.domain.errors import OrderUnknown
from services.payment.domain.order import Order
from services.payment.domain.ports import HasOrders
from services.payment.usecases import events, views
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList
from shared_components.kernel.transactions import HasClock, HasEvents

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

ORDERS = PagedList[str]("payment.list_orders", str)


@dataclass(frozen=True, slots=True)
class GetOrder:
    order_id: str


@dataclass(frozen=True, slots=True)
class ListOrders:
    limit: int = DEFAULT_LIMIT
    after: str | None = None
    state: str | None = None
    reference: str | None = None
    payer_subject: str | None = None


@dataclass(frozen=True, slots=True)
class CloseOrder:
    order_id: str


class EndOrderTx(HasClock, HasEvents, HasOrders, Protocol):
    """Ports that `end_order` uses."""


def order_of(tx: HasOrders, tenant: str, order_id: str) -> Order:
    """Raises OrderUnknown, also for another tenant's order."""
    order = tx.orders.get(tenant, order_id)
    if order is None:
        raise unknown(order_id)
    return order


def own_order(tx: HasOrders, context: CallContext, order_id: str) -> Order:
    """Raises OrderUnknown, also for another app's order."""
    order = order_of(tx, context.tenant, order_id)
    if not context.reaches(order.app):
        raise unknown(order_id)
    return order


def locked_own_order(tx: HasOrders, context: CallContext, order_id: str) -> Order:
    """As `locked_order`. Raises OrderUnknown, also for another app's order."""
    order = locked_order(tx, context.tenant, order_id)
    if not context.reaches(order.app):
        raise unknown(order_id)
    return order


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
    return OrderUnknown(f"order {order_id!r} does not exist; create_order gives the ids that do")


def get_order(tx: HasOrders, command: GetOrder, context: CallContext) -> Mapping[str, Any]:
    return views.order(own_order(tx, context, command.order_id))


def list_orders(tx: HasOrders, command: ListOrders, context: CallContext) -> Mapping[str, Any]:
    page = ORDERS.asked(command, context.tenant, *(context.makers or ()))
    found = tx.orders.page(
        context.tenant, apps=context.makers, state=command.state, reference=command.reference,
        payer_subject=command.payer_subject, before=page.after, limit=page.fetch,
    )
    return page.reply(found, view=views.order, key=lambda order: order.order_id)


def close_order(tx: EndOrderTx, command: CloseOrder, context: CallContext) -> Mapping[str, Any]:
    """Money that was already on its way goes to suspense and back to the payer."""
    tenant, order_id = context.tenant, command.order_id
    locked_own_order(tx, context, order_id).check_closable()
    order = order_of(tx, tenant, order_id)
    end_order(tx, order, states.CLOSED)
    if order.channel is not None:
        tx.orders.ask_now([order_id], tx.clock.now())  # the scheduled query closes it at the channel
    return views.order(order_of(tx, tenant, order_id))


def end_order(tx: EndOrderTx, order: Order, state: str) -> None:
    """order: locked by this transaction."""
    at = tx.clock.now()
    tx.orders.end([order.order_id], state, at)
    events.emit_order_moved(tx, order, replace(order, state=state, sequence=order.sequence + 1), at)
