"""Webhooks of payment: the shared ones, with payment's events and errors."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from services.payment.webhooks.domain.errors import ERRORS
from shared_components.kernel.calls import Call
from shared_components.kernel.errors import AppError
from shared_components.kernel.paging import PagedList, PageView
from shared_components.webhooks import delivery_log, keeping
from shared_components.webhooks.delivery_log import ListDeliveries
from shared_components.webhooks.keeping import ListWebhooks, PutWebhook, PutWebhookTx, PutWebhookView
from shared_components.webhooks.views import DeliveryView, WebhookView

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext
    from shared_components.webhooks.ports import HasDeliveries, HasWebhooks

EVENTS = ("order-paid", "order-closed", "order-refunded", "refund-succeeded", "refund-failed", "receipt-issued")
WEBHOOKS = PagedList[str]("payment.list_webhooks", str)
DELIVERIES = PagedList[str]("payment.list_deliveries", str)


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
    return delivery_log.list_deliveries(tx, calls, DELIVERIES)
