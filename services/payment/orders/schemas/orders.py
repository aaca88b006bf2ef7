"""Orders on the wire."""
from __future__ import annotations

from typing import Any

import orjson
from marshmallow import ValidationError, fields, validate

from services.payment.common.schemas import texts
from services.payment.common.schemas.fields import MOST_QUANTITY, object_id, optional_text, return_url
from services.payment.orders.domain import states
from services.payment.orders.domain.order import USUAL_LIFE_S
from services.payment.orders.domain.pricing import WantedLine
from services.payment.orders.usecases import close_order, create_orders, read_orders
from shared_components.contracts import Message, PageReply, PageRequest, SubjectId, app_served, optional_subject, text
from shared_components.kernel.bilingual import Bilingual

MOST_LINES = 50
METADATA_BYTES = 4096
SHORTEST_LIFE_S, LONGEST_LIFE_S = 60, 30 * 86_400


def check_metadata(value: dict[str, Any]) -> None:
    try:
        size = len(orjson.dumps(value))
    except TypeError as error:
        raise ValidationError(Bilingual(
            "cannot be written as JSON; integers of 64 bits, Unicode text and up to 250 levels are allowed",
            "无法写成 JSON；只允许 64 位以内的整数、有效的 Unicode 文本和 250 层以内的嵌套")) from error
    if size > METADATA_BYTES:
        raise ValidationError(Bilingual(
            f"longer than {METADATA_BYTES} bytes as JSON",
            f"以 JSON 计超过 {METADATA_BYTES} 字节"))


class OrderLineRequest(Message):
    """limit_date: 限缴日期, needed where the fee item has a late fee; an order made after it has one more line."""

    command = WantedLine

    item_code = fields.String(required=True, validate=validate.Length(1, 64), metadata=texts.ITEM_CODE)
    quantity = fields.Integer(load_default=1, strict=True, validate=validate.Range(1, MOST_QUANTITY),
        metadata=texts.QUANTITY)
    limit_date = fields.Date(load_default=None, allow_none=True, metadata=texts.LIMIT_DATE)


class CreateOrder(Message):
    """reference and metadata come back in replies and events; put nothing personal in them."""

    command = create_orders.CreateOrder

    payer_subject = optional_subject(texts.PAYER_SUBJECT)
    payer_name = fields.String(required=True, validate=validate.Length(1, 200),
        metadata={**texts.PAYER_NAME, "data_class": "personal"})
    lines = fields.List(
        fields.Nested(OrderLineRequest), required=True, validate=validate.Length(1, MOST_LINES), metadata=text(
        "What is to be paid, 1 to 50 lines; all of one collecting unit and currency.",
        "缴费明细，1–50 行，须属同一执收单位、同一币种。"))
    return_url = return_url(texts.RETURN_URL)
    reference = optional_text(128, metadata=texts.REFERENCE)
    metadata = fields.Dict(keys=fields.String(), load_default=dict, validate=check_metadata, metadata=texts.METADATA)
    expires_in_s = fields.Integer(
        load_default=USUAL_LIFE_S, strict=True, validate=validate.Range(SHORTEST_LIFE_S, LONGEST_LIFE_S), metadata=text(
        "For how many seconds the order can be paid: 60 to 2,592,000 (30 days), 7,200 when left out.",
        "缴费有效时长（秒），60–2592000（30 天），默认 7200。"))
    app = app_served()


class OrderLine(Message):
    """overdue_days: of a line that is the late fee of the line before it, else 0."""

    item_code = fields.String(required=True, metadata=texts.ITEM_CODE)
    item_version = fields.Integer(required=True, metadata=text(
        "The version of the fee item that the price was taken from.",
        "计价所依据的收费项目版本号。"))
    name = fields.String(required=True, metadata=text(
        "The fee item's name, such as 驾驶证工本费.",
        "收费项目名称，如“驾驶证工本费”。"))
    unit = fields.String(required=True, metadata=texts.UNIT)
    quantity = fields.Integer(required=True, metadata=texts.QUANTITY)
    price_minor = fields.Integer(required=True, metadata=texts.PRICE_MINOR)
    amount_minor = fields.Integer(required=True, metadata=text(
        "The line's amount, quantity × price, in minor units (分).",
        "本行金额（数量×单价），单位为分。"))
    limit_date = fields.Date(required=True, allow_none=True, metadata=texts.LIMIT_DATE)
    overdue_days = fields.Integer(required=True, metadata=text(
        "Of a line that is a late fee, the days after the limit date; else 0.",
        "滞纳金行的逾期天数；其他行为 0。"))


class Order(Message):
    order_id = fields.String(required=True, metadata=texts.ORDER_ID)
    state = fields.String(required=True, validate=validate.OneOf(states.ORDER.states), metadata=texts.STATE)
    amount_minor = fields.Integer(required=True, metadata=text(
        "What is to be paid, in minor units (分).",
        "应缴金额，单位为分。"))
    currency = fields.String(required=True, metadata=texts.CURRENCY)
    pay_code = fields.String(required=True, metadata=texts.PAY_CODE)
    collecting_unit = fields.String(required=True, metadata=texts.COLLECTING_UNIT)
    payer_subject = SubjectId(required=True, allow_none=True, metadata=texts.PAYER_SUBJECT)
    lines = fields.List(fields.Nested(OrderLine), required=True, metadata=text(
        "What is paid, line by line.",
        "缴费明细。"))
    paid_minor = fields.Integer(required=True, metadata=text(
        "How much has been paid, in minor units (分).",
        "已缴金额，单位为分。"))
    refunded_minor = fields.Integer(required=True, metadata=texts.REFUNDED_MINOR)
    refund_available_minor = fields.Integer(required=True, metadata=text(
        "How much can still be refunded, in minor units (分).",
        "当前可退金额，单位为分。"))
    reference = fields.String(required=True, allow_none=True, metadata=texts.REFERENCE)
    return_url = fields.String(required=True, allow_none=True, metadata=texts.RETURN_URL)
    metadata = fields.Dict(keys=fields.String(), required=True, metadata=texts.METADATA)
    channel = fields.String(required=True, allow_none=True, metadata=text(
        "The channel of the last payment begun; null before that.",
        "最近一次发起支付所用渠道；尚未发起为 null。"))
    created_at = fields.AwareDateTime(required=True, metadata=texts.CREATED_AT)
    expires_at = fields.AwareDateTime(required=True, metadata=text(
        "Until when the order can be paid, UTC.",
        "缴费截止时间（UTC）。"))
    paid_at = fields.AwareDateTime(required=True, allow_none=True, metadata=text(
        "When the money arrived, UTC; null before that.",
        "缴费到账时间（UTC）；未缴费为 null。"))


class GetOrder(Message):
    command = read_orders.GetOrder

    order_id = object_id(metadata=texts.ORDER_ID)


class CloseOrder(Message):
    command = close_order.CloseOrder

    order_id = object_id(metadata=texts.ORDER_ID)


class ListOrders(PageRequest):
    """Newest first."""

    command = read_orders.ListOrders

    state = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(states.ORDER.states),
        metadata=text(
        "Only orders in this state; null for all.",
        "只查该状态的订单；null 为不限。"))
    reference = optional_text(128, metadata=text(
        "Only orders with this reference; null for all.",
        "只查该关联编号的订单；null 为不限。"))
    payer_subject = optional_subject(text(
        "Only orders of this payer; null for all.",
        "只查该缴款人的订单；null 为不限。"))


class Orders(PageReply):
    items = fields.List(fields.Nested(Order), required=True, metadata=text(
        "The orders on this page, newest first.",
        "本页订单，最新的在前。"))
