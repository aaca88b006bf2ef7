"""Look at what was sent to webhooks, and send it again."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from shared_components.kernel.errors import AppError
from shared_components.kernel.paging import DEFAULT_LIMIT, Page, PagedList, PageView
from shared_components.kernel.transactions import HasClock
from shared_components.security.authority.pages import read_pages
from shared_components.webhooks import webhook as hooks
from shared_components.webhooks.ports import DeliveryFilter, HasDeliveries
from shared_components.webhooks.views import DeliveryView, delivery_view

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call, CallContext


@dataclass(frozen=True, slots=True)
class ListDeliveries:
    limit: int = DEFAULT_LIMIT
    after: str | None = None
    webhook_id: str | None = None
    about: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class ResendWebhook:
    delivery_id: str


class ResendWebhookTx(HasClock, HasDeliveries, Protocol):
    """Ports that `resend_webhook` uses."""


def list_deliveries(
    tx: HasDeliveries, calls: Sequence[Call[ListDeliveries]], listed: PagedList[str],
) -> list[PageView[DeliveryView] | AppError]:
    """Give each call its page, newest first, or PageCursorInvalid. Bodies are left out: their content is the app's."""
    return read_pages(
        calls, listed,
        lambda asked: tx.deliveries.pages([(call.context, _filter(call.data, page)) for call, page in asked]),
        view=lambda delivery, _: delivery_view(delivery), key=lambda delivery: delivery.delivery_id)


def _filter(command: ListDeliveries, page: Page[str]) -> DeliveryFilter:
    return DeliveryFilter(page.fetch, page.after, command.webhook_id, command.about, command.state)


def resend_webhook(tx: ResendWebhookTx, command: ResendWebhook, context: CallContext) -> DeliveryView:
    """The same event id and body once more, signed anew, with all its attempts before it."""
    delivery, at = tx.deliveries.lock_for(context, command.delivery_id), tx.clock.now()
    if delivery.state != hooks.PENDING:
        hooks.DELIVERY.move(delivery.state, hooks.PENDING)
    again = replace(delivery, state=hooks.PENDING, tries=0, begun_at=at, next_attempt_at=at)
    tx.deliveries.repeat(again)
    return delivery_view(again)
