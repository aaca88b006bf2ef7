"""Fee items on the wire."""
from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from services.payment.common.schemas import texts
from services.payment.common.schemas.fields import (
    LARGEST_AMOUNT_MINOR,
    MOST_QUANTITY,
    amount_minor,
    check_division,
    currency,
    moment,
)
from services.payment.fees.usecases import fee_items
from shared_components.contracts import Message, PageReply, PageRequest, text

CODE = r"^[0-9A-Za-z][0-9A-Za-z.-]{0,63}\Z"
COLLECTING_UNIT = r"^[0-9A-Z]{6,18}\Z"


def optional_limit(highest: int, **options: Any) -> fields.Integer:
    return fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(1, highest), **options)


class PutFeeItem(Message):
    """valid_from: now, if left out.

    late_fee_ppm: 滞纳金, millionths of a line's amount for each day after its limit date (500 is 万分之五), at most
    the amount itself, cut to whole 分. Quantity and amount limits are of one line.
    """

    command = fee_items.PutFeeItem

    item_code = fields.String(required=True, validate=validate.Regexp(CODE), metadata=texts.ITEM_CODE)
    name = fields.String(required=True, validate=validate.Length(1, 200), metadata=texts.NAME)
    collecting_unit = fields.String(required=True, validate=validate.Regexp(COLLECTING_UNIT),
        metadata=texts.COLLECTING_UNIT)
    unit = fields.String(required=True, validate=validate.Length(1, 20), metadata=texts.UNIT)
    price_minor = amount_minor(metadata=texts.PRICE_MINOR)
    currency = currency(metadata=texts.CURRENCY)
    division = fields.String(required=True, validate=check_division, metadata=texts.DIVISION)
    valid_from = moment(metadata=texts.VALID_FROM)
    valid_until = moment(metadata=texts.VALID_UNTIL)
    late_fee_ppm = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, 1_000_000),
        metadata=texts.LATE_FEE_PPM)
    min_quantity = fields.Integer(load_default=1, strict=True, validate=validate.Range(1, MOST_QUANTITY),
        metadata=texts.MIN_QUANTITY)
    max_quantity = optional_limit(MOST_QUANTITY, metadata=texts.MAX_QUANTITY)
    min_amount_minor = optional_limit(LARGEST_AMOUNT_MINOR, metadata=texts.MIN_AMOUNT_MINOR)
    max_amount_minor = optional_limit(LARGEST_AMOUNT_MINOR, metadata=texts.MAX_AMOUNT_MINOR)


class FeeItem(Message):
    item_code = fields.String(required=True, metadata=texts.ITEM_CODE)
    version = fields.Integer(required=True, metadata=text(
        "The version of the fee item, 1 and up; orders keep the one they were priced by.",
        "收费项目版本号，从 1 起；订单沿用计价时的版本。"))
    name = fields.String(required=True, metadata=texts.NAME)
    collecting_unit = fields.String(required=True, metadata=texts.COLLECTING_UNIT)
    unit = fields.String(required=True, metadata=texts.UNIT)
    price_minor = fields.Integer(required=True, metadata=texts.PRICE_MINOR)
    currency = fields.String(required=True, metadata=texts.CURRENCY)
    division = fields.String(required=True, metadata=texts.DIVISION)
    valid_from = fields.AwareDateTime(required=True, metadata=texts.VALID_FROM)
    valid_until = fields.AwareDateTime(required=True, allow_none=True, metadata=texts.VALID_UNTIL)
    late_fee_ppm = fields.Integer(required=True, metadata=texts.LATE_FEE_PPM)
    min_quantity = fields.Integer(required=True, metadata=texts.MIN_QUANTITY)
    max_quantity = fields.Integer(required=True, allow_none=True, metadata=texts.MAX_QUANTITY)
    min_amount_minor = fields.Integer(required=True, allow_none=True, metadata=texts.MIN_AMOUNT_MINOR)
    max_amount_minor = fields.Integer(required=True, allow_none=True, metadata=texts.MAX_AMOUNT_MINOR)


class ListFeeItems(PageRequest):
    command = fee_items.ListFeeItems

    item_code = fields.String(load_default=None, allow_none=True, validate=validate.Regexp(CODE), metadata=text(
        "Only versions of this fee item; null for all.",
        "只查该收费项目的各版本；null 为不限。"))


class FeeItems(PageReply):
    items = fields.List(fields.Nested(FeeItem), required=True, metadata=text(
        "The fee items on this page, by code and version.",
        "本页收费项目，按编码和版本排序。"))
