"""Understand the body of a sandbox notification, once its signature is verified."""
from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from services.payment.channels.domain.channel import Notification
from services.payment.channels.domain.errors import NotificationMalformed, NotificationMismatch
from shared_components.contracts.fast_load import loader
from shared_components.contracts.field_messages import in_both_languages
from shared_components.kernel import strict_json
from shared_components.kernel.bilingual import Bilingual

KINDS = ("payment-succeeded", "payment-failed", "refund-succeeded", "refund-failed")


class _Body(Schema):
    """Fields that a later version of the channel adds are no reason to refuse money."""

    class Meta:
        unknown = EXCLUDE

    event_id = fields.String(required=True, validate=validate.Length(1, 64))
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    merchant_id = fields.String(required=True)
    out_trade_no = fields.String(required=True, validate=validate.Length(1, 64))
    trade_no = fields.String(required=True, validate=validate.Length(1, 64))
    amount_minor = fields.Integer(required=True, strict=True, validate=validate.Range(min=1))
    currency = fields.String(required=True, validate=validate.Length(equal=3))
    attach = fields.String(required=True, validate=validate.Length(1, 64))
    refund_id = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 64))
    failure = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=200))


_load_all = loader(_Body())


def read_notification(raw: bytes, *, channel: str, merchant_id: str) -> Notification:
    """Raises NotificationMalformed, NotificationMismatch (another merchant's)."""
    data = _load(raw)
    if data["merchant_id"] != merchant_id:
        raise NotificationMismatch(
            Bilingual(
                f"notification {data['event_id']} is for another merchant; only our own is accepted",
                f"通知 {data['event_id']} 属于其他商户；只接受本商户的通知"),
            details={"field": "merchant_id"},
        )
    if data["kind"].startswith("refund-") != (data["refund_id"] is not None):
        raise NotificationMalformed(
            Bilingual(
                f"notification {data['event_id']} is {data['kind']!r}; a refund has a refund_id, a payment has none",
                f"通知 {data['event_id']} 的类型为“{data['kind']}”；退款须有 refund_id，支付不得有")
        )
    return Notification(
        channel=channel,
        event_id=data["event_id"],
        kind=data["kind"],
        order_id=data["out_trade_no"],
        tenant=data["attach"],
        trade_no=data["trade_no"],
        amount_minor=data["amount_minor"],
        currency=data["currency"],
        refund_id=data["refund_id"],
        failure=data["failure"],
    )


def _load(raw: bytes) -> dict[str, Any]:
    try:
        data: dict[str, Any] = _load_all([strict_json.read(raw)])[0]
    except strict_json.JsonRefused as refused:
        raise NotificationMalformed(Bilingual(
            f"notification: {refused}",
            f"通知：{refused}"), details={"fields": refused.fields()}) from None
    except ValidationError as error:
        wrong: dict[Any, Any] = error.normalized_messages()
        raise NotificationMalformed(Bilingual(
            "notification has wrong fields",
            "通知的字段有误"), details={"fields": in_both_languages(wrong[0])}) from error
    return data
