"""Look at what was sent to webhooks, and send it again."""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.payment.webhooks.domain import webhook as hooks
from services.payment.webhooks.domain.errors import DeliveryUnknown, WebhookUnknown
from services.payment.webhooks.domain.ports import HasDeliveries, HasWebhooks
from services.payment.webhooks.usecases.views import DeliveryView, delivery_view
from services.payment.webhooks.usecases.webhooks import only_own, own_webhook
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList, PageView
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

DELIVERIES = PagedList[str]("payment.list_deliveries", str)


@dataclass(frozen=True, slots=True)
class ListDeliveries:
    limit: int = DEFAULT_LIMIT
    after: str | None = None
    webhook_id: str | None = None
    order_id: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class ResendWebhook:
    delivery_id: str


class ResendWebhookTx(HasClock, HasDeliveries, HasWebhooks, Protocol):
    """Ports that `resend_webhook` uses."""


def list_deliveries(tx: HasDeliveries, command: ListDeliveries, context: CallContext) -> PageView[DeliveryView]:
    """Without bodies: what they say is the app's."""
    apps = only_own(context)
    page = DELIVERIES.asked(command, context.tenant, *(apps or ()))
    found = tx.deliveries.page(
        context.tenant, apps=apps, webhook_id=command.webhook_id, order_id=command.order_id,
        state=command.state, before=page.after, limit=page.fetch,
    )
    return page.view(found, view=delivery_view, key=lambda delivery: delivery.delivery_id)


def resend_webhook(tx: ResendWebhookTx, command: ResendWebhook, context: CallContext) -> DeliveryView:
    """The same event id and body once more, signed anew, with all its attempts before it."""
    tenant, delivery_id = context.tenant, command.delivery_id
    delivery = tx.deliveries.get(tenant, delivery_id)
    if delivery is None:
        raise _no_delivery(delivery_id)
    try:
        own_webhook(tx, context, delivery.webhook_id)
    except WebhookUnknown:
        raise _no_delivery(delivery_id) from None
    if delivery.state != hooks.PENDING:
        hooks.DELIVERY.move(delivery.state, hooks.PENDING)
    tx.deliveries.repeat(delivery_id, tx.clock.now())
    again = tx.deliveries.get(tenant, delivery_id)
    assert again is not None
    return delivery_view(again)


def _no_delivery(delivery_id: str) -> DeliveryUnknown:
    return DeliveryUnknown(Bilingual(
        f"delivery {delivery_id!r} does not exist; list_deliveries gives those that do",
        f"投递“{delivery_id}”不存在；现有投递见 list_deliveries"))
