"""Orders on the wire."""
from __future__ import annotations

from typing import Any

import orjson
from marshmallow import ValidationError, fields, validate

from services.payment.domain import states
from services.payment.schemas.common import MOST_QUANTITY, object_id, optional_text
from shared_components.contracts import Message, PageReply, PageRequest, app_served

MOST_LINES = 50
METADATA_BYTES = 4096
SHORTEST_LIFE_S, USUAL_LIFE_S, LONGEST_LIFE_S = 60, 7200, 30 * 86_400


def check_metadata(value: dict[str, Any]) -> None:
    if len(orjson.dumps(value)) > METADATA_BYTES:
        raise ValidationError(f"longer than {METADATA_BYTES} bytes as JSON")


class OrderLineRequest(Message):
    """limit_date: 限缴日期, needed where the fee item has a late fee; an order made after it has one more line."""

    item_code = fields.String(required=True, validate=validate.Length(1, 64))
    quantity = fields.Integer(load_default=1, strict=True, validate=validate.Range(1, MOST_QUANTITY))
    limit_date = fields.Date(load_default=None, allow_none=True)


class CreateOrder(Message):
    """reference and metadata come back in replies and events; put nothing personal in them."""

    app = app_served()
    payer_subject = optional_text(64)
    payer_name = fields.String(required=True, validate=validate.Length(1, 200), metadata={"data_class": "personal"})
    lines = fields.List(
        fields.Nested(OrderLineRequest), required=True, validate=validate.Length(1, MOST_LINES)
    )
    return_url = fields.Url(
        load_default=None, allow_none=True, require_tld=False, schemes={"http", "https"},
        validate=validate.Length(max=1000),
    )
    reference = optional_text(128)
    metadata = fields.Dict(keys=fields.String(), load_default=dict, validate=check_metadata)
    expires_in_s = fields.Integer(
        load_default=USUAL_LIFE_S, strict=True, validate=validate.Range(SHORTEST_LIFE_S, LONGEST_LIFE_S)
    )


class OrderLine(Message):
    """overdue_days: of a line that is the late fee of the line before it, else 0."""

    item_code = fields.String(required=True)
    item_version = fields.Integer(required=True)
    name = fields.String(required=True)
    unit = fields.String(required=True)
    quantity = fields.Integer(required=True)
    price_minor = fields.Integer(required=True)
    amount_minor = fields.Integer(required=True)
    limit_date = fields.Date(required=True, allow_none=True)
    overdue_days = fields.Integer(required=True)


class Order(Message):
    order_id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(states.ORDER.states))
    amount_minor = fields.Integer(required=True)
    currency = fields.String(required=True)
    pay_code = fields.String(required=True)
    collecting_unit = fields.String(required=True)
    payer_subject = fields.String(required=True, allow_none=True)
    lines = fields.List(fields.Nested(OrderLine), required=True)
    paid_minor = fields.Integer(required=True)
    refunded_minor = fields.Integer(required=True)
    refund_available_minor = fields.Integer(required=True)
    reference = fields.String(required=True, allow_none=True)
    return_url = fields.String(required=True, allow_none=True)
    metadata = fields.Dict(keys=fields.String(), required=True)
    channel = fields.String(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)
    paid_at = fields.AwareDateTime(required=True, allow_none=True)


class GetOrder(Message):
    order_id = object_id()


class CloseOrder(Message):
    order_id = object_id()


class ListOrders(PageRequest):
    """Newest first."""

    state = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(states.ORDER.states))
    reference = optional_text(128)
    payer_subject = optional_text(64)


class Orders(PageReply):
    items = fields.List(fields.Nested(Order), required=True)
