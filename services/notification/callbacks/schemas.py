"""Webhooks of notification on the wire: the shared ones, for the events of every component."""
from __future__ import annotations

from marshmallow import fields

from services.notification.callbacks.domain.published import TYPES
from shared_components.contracts import PageReply, text
from shared_components.contracts.base import SECRET
from shared_components.webhooks import keeping, schemas
from shared_components.webhooks.schemas import (
    EVENTS,
    ListWebhooks,
    RemoveWebhook,
    ResendWebhook,
    Webhook,
    Webhooks,
)

__all__ = [
    "EVENTS", "Deliveries", "Delivery", "ListDeliveries", "ListWebhooks", "PutWebhook", "PutWebhookReply",
    "RemoveWebhook", "ResendWebhook", "Webhook", "Webhooks",
]


class PutWebhook(schemas.PutWebhook):
    command = keeping.PutWebhook
    events = schemas.event_types(TYPES)


class PutWebhookReply(Webhook):
    secret = schemas.shown_secret(SECRET)


class ListDeliveries(schemas.ListDeliveries):
    about = schemas.optional_id(text(
        "Only deliveries about the message, case or licence with this id; null for all.",
        "只查与该消息、办件或证照有关的投递；null 为不限。"))


class Delivery(schemas.Delivery):
    about = fields.String(required=True, metadata=text(
        "The id of the message, case or licence that the event is about.", "事件所涉消息、办件或证照的编号。"))


class Deliveries(PageReply):
    items = schemas.deliveries_of(Delivery)
