"""Read orders."""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.payment.orders.domain.ports import HasOrders
from services.payment.orders.usecases import views
from services.payment.orders.usecases.find_order import own_order
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList, PageView

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


def get_order(tx: HasOrders, command: GetOrder, context: CallContext) -> views.OrderView:
    return views.order(own_order(tx, context, command.order_id))


def list_orders(tx: HasOrders, command: ListOrders, context: CallContext) -> PageView[views.OrderView]:
    page = ORDERS.asked(command, context.tenant, *(context.makers or ()))
    found = tx.orders.page(
        context.tenant, apps=context.makers, state=command.state, reference=command.reference,
        payer_subject=command.payer_subject, before=page.after, limit=page.fetch,
    )
    return page.view(found, view=views.order, key=lambda order: order.order_id)
