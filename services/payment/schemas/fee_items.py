"""Fee items on the wire."""
from __future__ import annotations

from marshmallow import fields, validate

from services.payment.schemas.common import amount_minor, check_division, currency, page_cursor, page_limit
from shared_components.contracts import Message

CODE = r"^[0-9A-Za-z][0-9A-Za-z.-]{0,63}\Z"
COLLECTING_UNIT = r"^[0-9A-Z]{6,18}\Z"


class PutFeeItem(Message):
    """valid_from: now, if left out."""

    item_code = fields.String(required=True, validate=validate.Regexp(CODE))
    name = fields.String(required=True, validate=validate.Length(1, 200))
    collecting_unit = fields.String(required=True, validate=validate.Regexp(COLLECTING_UNIT))
    unit = fields.String(required=True, validate=validate.Length(1, 20))
    price_minor = amount_minor()
    currency = currency()
    division = fields.String(required=True, validate=check_division)
    valid_from = fields.AwareDateTime(load_default=None, allow_none=True)
    valid_until = fields.AwareDateTime(load_default=None, allow_none=True)


class FeeItem(Message):
    item_code = fields.String(required=True)
    version = fields.Integer(required=True)
    name = fields.String(required=True)
    collecting_unit = fields.String(required=True)
    unit = fields.String(required=True)
    price_minor = fields.Integer(required=True)
    currency = fields.String(required=True)
    division = fields.String(required=True)
    valid_from = fields.AwareDateTime(required=True)
    valid_until = fields.AwareDateTime(required=True, allow_none=True)


class ListFeeItems(Message):
    item_code = fields.String(load_default=None, allow_none=True, validate=validate.Regexp(CODE))
    cursor = page_cursor()
    limit = page_limit()


class FeeItems(Message):
    items = fields.List(fields.Nested(FeeItem), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
