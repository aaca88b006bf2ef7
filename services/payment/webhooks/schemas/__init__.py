"""Requests, replies and events of webhooks."""
from services.payment.webhooks.schemas.webhooks import (
    Deliveries,
    Delivery,
    ListDeliveries,
    PutWebhook,
    PutWebhookReply,
)
from shared_components.webhooks.schemas import (
    EVENTS,
    ListWebhooks,
    RemoveWebhook,
    ResendWebhook,
    Webhook,
    Webhooks,
    WebhookSuspended,
)
from shared_components.webhooks.settings import WebhookSettings

__all__ = [
    "EVENTS",
    "Deliveries",
    "Delivery",
    "ListDeliveries",
    "ListWebhooks",
    "PutWebhook",
    "PutWebhookReply",
    "RemoveWebhook",
    "ResendWebhook",
    "Webhook",
    "WebhookSettings",
    "WebhookSuspended",
    "Webhooks",
]
