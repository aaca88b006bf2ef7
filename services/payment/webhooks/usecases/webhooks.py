"""Webhooks of payment: the shared ones, with payment's events and errors."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

from services.payment.webhooks.domain.errors import ERRORS
from shared_components.kernel.calls import Call
from shared_components.kernel.errors import AppError
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList, PageView
from shared_components.webhooks import delivery_log, keeping
from shared_components.webhooks.delivery_log import ResendWebhook, ResendWebhookTx
from shared_components.webhooks.keeping import ListWebhooks, PutWebhook, PutWebhookTx, PutWebhookView
from shared_components.webhooks.views import DeliveryView as SharedView
from shared_components.webhooks.views import WebhookView

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext
    from shared_components.webhooks.ports import HasDeliveries, HasWebhooks

EVENTS = ("order-paid", "order-closed", "order-refunded", "refund-succeeded", "refund-failed", "receipt-issued")
WEBHOOKS = PagedList[str]("payment.list_webhooks", str)
DELIVERIES = PagedList[str]("payment.list_deliveries", str)


@dataclass(frozen=True, slots=True)
class ListDeliveries:
    limit: int = DEFAULT_LIMIT
    after: str | None = None
    webhook_id: str | None = None
    order_id: str | None = None
    state: str | None = None


class DeliveryView(TypedDict):
    delivery_id: str
    webhook_id: str
    event_id: str
    event_type: str
    order_id: str
    state: str
    attempts: int
    created_at: datetime
    next_attempt_at: datetime | None
    delivered_at: datetime | None
    last_status: int | None
    last_failure: str | None


def put_webhook(tx: PutWebhookTx, command: PutWebhook, context: CallContext) -> PutWebhookView:
    """Without events, the webhook is told of all of them."""
    return keeping.put_webhook(tx, replace(command, events=command.events or EVENTS), context, ERRORS)


def list_webhooks(tx: HasWebhooks, calls: Sequence[Call[ListWebhooks]]) -> list[PageView[WebhookView] | AppError]:
    """Give each call its page, or PageCursorInvalid."""
    return keeping.list_webhooks(tx, calls, WEBHOOKS)


def list_deliveries(
    tx: HasDeliveries, calls: Sequence[Call[ListDeliveries]],
) -> list[PageView[DeliveryView] | AppError]:
    """Give each call its page, newest first, or PageCursorInvalid."""
    asked = [Call(_shared(call.data), call.context) for call in calls]
    return delivery_log.list_deliveries(tx, asked, DELIVERIES, _view)


def resend_webhook(tx: ResendWebhookTx, command: ResendWebhook, context: CallContext) -> DeliveryView:
    return _view(delivery_log.resend_webhook(tx, command, context))


def _shared(command: ListDeliveries) -> delivery_log.ListDeliveries:
    return delivery_log.ListDeliveries(
        command.limit, command.after, command.webhook_id, command.order_id, command.state)


def _view(view: SharedView) -> DeliveryView:
    """`about` by its name in payment."""
    return {
        "delivery_id": view["delivery_id"], "webhook_id": view["webhook_id"], "event_id": view["event_id"],
        "event_type": view["event_type"], "order_id": view["about"], "state": view["state"],
        "attempts": view["attempts"], "created_at": view["created_at"], "next_attempt_at": view["next_attempt_at"],
        "delivered_at": view["delivered_at"], "last_status": view["last_status"],
        "last_failure": view["last_failure"],
    }
