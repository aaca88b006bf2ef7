"""Webhooks of payment on the wire: the shared ones, for events of orders."""
from __future__ import annotations

from marshmallow import fields

from services.payment.common.schemas import texts
from services.payment.webhooks.usecases.webhooks import EVENTS as TYPES
from shared_components.contracts import PageReply, text
from shared_components.webhooks import keeping, schemas


class PutWebhook(schemas.PutWebhook):
    command = keeping.PutWebhook
    events = schemas.event_types(TYPES)


class PutWebhookReply(schemas.Webhook):
    secret = schemas.shown_secret("sensitive")


class ListDeliveries(schemas.ListDeliveries):
    order_id = schemas.optional_id(attribute="about", metadata=text(
        "Only deliveries about this order; null for all.", "只查与该订单有关的投递；null 为不限。"))


class Delivery(schemas.Delivery):
    order_id = fields.String(required=True, attribute="about", metadata=texts.ORDER_ID)


class Deliveries(PageReply):
    items = schemas.deliveries_of(Delivery)
