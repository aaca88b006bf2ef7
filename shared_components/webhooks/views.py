"""Views of webhooks and deliveries."""
from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from shared_components.webhooks import webhook as hooks
from shared_components.webhooks.webhook import Delivery, Webhook


class WebhookView(TypedDict):
    webhook_id: str
    app: str | None
    url: str
    events: list[str]
    key_id: str
    state: str
    created_at: datetime
    last_success_at: datetime | None
    suspended_at: datetime | None


class DeliveryView(TypedDict):
    delivery_id: str
    webhook_id: str
    event_id: str
    event_type: str
    about: str
    state: str
    attempts: int
    created_at: datetime
    next_attempt_at: datetime | None
    delivered_at: datetime | None
    last_status: int | None
    last_failure: str | None


def webhook_view(webhook: Webhook) -> WebhookView:
    return {
        "webhook_id": webhook.webhook_id,
        "app": webhook.app,
        "url": webhook.url,
        "events": list(webhook.events),
        "key_id": webhook.key_id,
        "state": webhook.state,
        "created_at": webhook.created_at,
        "last_success_at": webhook.last_success_at,
        "suspended_at": webhook.suspended_at,
    }


def delivery_view(delivery: Delivery) -> DeliveryView:
    return {
        "delivery_id": delivery.delivery_id,
        "webhook_id": delivery.webhook_id,
        "event_id": delivery.event_id,
        "event_type": delivery.event_type,
        "about": delivery.about,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "created_at": delivery.created_at,
        "next_attempt_at": delivery.next_attempt_at if delivery.state == hooks.PENDING else None,
        "delivered_at": delivery.delivered_at,
        "last_status": delivery.last_status,
        "last_failure": delivery.last_failure,
    }
