"""Read orders, for many calls at a time."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.payment.orders.domain.ports import HasOrders, OrderFilter
from services.payment.orders.usecases import views
from shared_components.kernel.errors import AppError
from shared_components.kernel.outcomes import for_good
from shared_components.kernel.paging import DEFAULT_LIMIT, Page, PagedList, PageView
from shared_components.security.authority.pages import read_pages

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call

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


def get_orders(tx: HasOrders, calls: Sequence[Call[GetOrder]]) -> list[views.OrderView | AppError]:
    """Give each call its order, or OrderUnknown."""
    return for_good(tx.orders.read([(call.context, call.data.order_id) for call in calls]), views.order)


def list_orders(tx: HasOrders, calls: Sequence[Call[ListOrders]]) -> list[PageView[views.OrderView] | AppError]:
    """Give each call its page, newest first, or PageCursorInvalid."""
    return read_pages(
        calls, ORDERS,
        lambda asked: tx.orders.pages([(call.context, _filter(call.data, page)) for call, page in asked]),
        view=lambda order, _: views.order(order), key=lambda order: order.order_id)


def _filter(command: ListOrders, page: Page[str]) -> OrderFilter:
    return OrderFilter(page.fetch, page.after, command.state, command.reference, command.payer_subject)
