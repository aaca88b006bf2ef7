"""Views of webhooks and deliveries."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.payment.webhooks.domain import webhook as hooks
from services.payment.webhooks.domain.webhook import Delivery, Webhook


def webhook_view(webhook: Webhook) -> Mapping[str, Any]:
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


def delivery_view(delivery: Delivery) -> Mapping[str, Any]:
    return {
        "delivery_id": delivery.delivery_id,
        "webhook_id": delivery.webhook_id,
        "event_id": delivery.event_id,
        "event_type": delivery.event_type,
        "order_id": delivery.order_id,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "created_at": delivery.created_at,
        "next_attempt_at": delivery.next_attempt_at if delivery.state == hooks.PENDING else None,
        "delivered_at": delivery.delivered_at,
        "last_status": delivery.last_status,
        "last_failure": delivery.last_failure,
    }
