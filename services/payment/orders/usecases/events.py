"""Put what happened to an order or refund among the events that leave with the commit."""
from __future__ import annotations

from datetime import datetime

from services.payment.orders.domain import states
from services.payment.orders.domain.order import Order
from services.payment.orders.domain.refund import Refund
from services.payment.orders.usecases import views
from shared_components.kernel.transactions import HasEvents


def emit_order_created(tx: HasEvents, order: Order) -> None:
    _record_order(tx, "order-created", order)


def emit_order_moved(tx: HasEvents, before: Order, after: Order, at: datetime) -> None:
    """The event is the one on the edge of the state table; an edge that is not there raises IllegalTransition."""
    event = states.ORDER.move(before.state, after.state)
    times = {"order-paid": {"paid_at": at}, "order-closed": {"closed_at": at}}
    _record_order(tx, event, after, **times.get(event, {}))


def emit_order_refunded(tx: HasEvents, before: Order, after: Order, refund: Refund) -> None:
    event = states.ORDER.move(before.state, after.state)
    _record_order(
        tx, event, after,
        refund_id=refund.refund_id, refund_amount_minor=refund.amount_minor, refunded_minor=after.refunded_minor,
    )


def emit_refund_requested(tx: HasEvents, refund: Refund, order: Order) -> None:
    _record_refund(tx, "refund-requested", refund, order, sequence=1)


def emit_refund_concluded(tx: HasEvents, before: Refund, after: Refund, order: Order) -> None:
    event = states.REFUND.move(before.state, after.state)
    _record_refund(tx, event, after, order, sequence=2)


def _record_order(tx: HasEvents, event: str, order: Order, **more: object) -> None:
    tx.events.record(
        event, aggregate=order.order_id, tenant=order.tenant, sequence=order.sequence,
        data={**views.order_event(order), **more},
    )


def _record_refund(tx: HasEvents, event: str, refund: Refund, order: Order, *, sequence: int) -> None:
    tx.events.record(
        event, aggregate=refund.refund_id, tenant=refund.tenant, sequence=sequence,
        data=views.refund_event(refund, order),
    )
