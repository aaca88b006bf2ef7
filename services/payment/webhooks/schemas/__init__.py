"""Requests, replies and events of webhooks."""
from services.payment.webhooks.schemas.settings import WebhookSettings
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
