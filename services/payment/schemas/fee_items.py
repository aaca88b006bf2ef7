"""Fee items on the wire."""
from __future__ import annotations

from marshmallow import fields, validate

from services.payment.schemas.common import (
    LARGEST_AMOUNT_MINOR,
    MOST_QUANTITY,
    amount_minor,
    check_division,
    currency,
    moment,
)
from shared_components.contracts import Message, PageReply, PageRequest

CODE = r"^[0-9A-Za-z][0-9A-Za-z.-]{0,63}\Z"
COLLECTING_UNIT = r"^[0-9A-Z]{6,18}\Z"


def optional_limit(highest: int) -> fields.Integer:
    return fields.Integer(load_default=None, allow_none=True, strict=True, validate=validate.Range(1, highest))


class PutFeeItem(Message):
    """valid_from: now, if left out.

    late_fee_ppm: 滞纳金, millionths of a line's amount for each day after its limit date (500 is 万分之五), at most
    the amount itself, cut to whole 分. Quantity and amount limits are of one line.
    """

    item_code = fields.String(required=True, validate=validate.Regexp(CODE))
    name = fields.String(required=True, validate=validate.Length(1, 200))
    collecting_unit = fields.String(required=True, validate=validate.Regexp(COLLECTING_UNIT))
    unit = fields.String(required=True, validate=validate.Length(1, 20))
    price_minor = amount_minor()
    currency = currency()
    division = fields.String(required=True, validate=check_division)
    valid_from = moment()
    valid_until = moment()
    late_fee_ppm = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, 1_000_000))
    min_quantity = fields.Integer(load_default=1, strict=True, validate=validate.Range(1, MOST_QUANTITY))
    max_quantity = optional_limit(MOST_QUANTITY)
    min_amount_minor = optional_limit(LARGEST_AMOUNT_MINOR)
    max_amount_minor = optional_limit(LARGEST_AMOUNT_MINOR)


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
    late_fee_ppm = fields.Integer(required=True)
    min_quantity = fields.Integer(required=True)
    max_quantity = fields.Integer(required=True, allow_none=True)
    min_amount_minor = fields.Integer(required=True, allow_none=True)
    max_amount_minor = fields.Integer(required=True, allow_none=True)


class ListFeeItems(PageRequest):
    item_code = fields.String(load_default=None, allow_none=True, validate=validate.Regexp(CODE))


class FeeItems(PageReply):
    items = fields.List(fields.Nested(FeeItem), required=True)
