"""Close an order that nobody will pay."""
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from services.payment.orders.domain import states
from services.payment.orders.domain.order import Order
from services.payment.orders.domain.ports import HasOrders
from services.payment.orders.usecases import events, views
from services.payment.orders.usecases.find_order import order_of
from shared_components.kernel.transactions import HasClock, HasEvents

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


@dataclass(frozen=True, slots=True)
class CloseOrder:
    order_id: str


class EndOrderTx(HasClock, HasEvents, HasOrders, Protocol):
    """Ports that `end_order` uses."""


def close_order(tx: EndOrderTx, command: CloseOrder, context: CallContext) -> views.OrderView:
    """Money that was already on its way goes to suspense and back to the payer."""
    order_id = command.order_id
    locked = tx.orders.lock_for(context, order_id)
    locked.check_closable()
    order = order_of(tx, locked.tenant, order_id)
    end_order(tx, order, states.CLOSED)
    if order.channel is not None:
        tx.orders.ask_now([order_id], tx.clock.now())  # the scheduled query closes it at the channel
    return views.order(order_of(tx, order.tenant, order_id))


def end_order(tx: EndOrderTx, order: Order, state: str) -> None:
    """order: locked by this transaction."""
    at = tx.clock.now()
    tx.orders.end([order.order_id], state, at)
    events.emit_order_moved(tx, order, replace(order, state=state, sequence=order.sequence + 1), at)
