"""Requests, replies and events of webhooks."""
from services.payment.webhooks.schemas.webhooks import (
    EVENTS,
    Deliveries,
    Delivery,
    ListDeliveries,
    ListWebhooks,
    PutWebhook,
    PutWebhookReply,
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
