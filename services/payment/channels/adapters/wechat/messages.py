"""WeChat Pay's messages on a trade or a refund, in answers and, encrypted, in notifications."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate
from wechatpayv3.utils import aes_decrypt

from services.payment.channels.domain.channel import Notification
from services.payment.channels.domain.errors import NotificationMalformed, NotificationMismatch
from shared_components.contracts.field_messages import in_both_languages
from shared_components.kernel import strict_json
from shared_components.kernel.bilingual import Bilingual

CHANNEL = "wechat"
ORDER_PREFIX = "pay_"
"""WeChat's numbers of orders have 32 characters at most: our id travels without its prefix."""
ABNORMAL = "ABNORMAL"
PAID = ("SUCCESS", "REFUND")
"""Money that went back later was paid all the same."""


def trade_no_of(order_id: str) -> str:
    return order_id.removeprefix(ORDER_PREFIX)


def order_id_of(out_trade_no: str) -> str:
    return ORDER_PREFIX + out_trade_no


class _Message(Schema):
    """Fields that WeChat adds later are no reason to refuse money."""

    class Meta:
        unknown = EXCLUDE


def _text(longest: int, **options: Any) -> fields.String:
    return fields.String(required=True, validate=validate.Length(1, longest), **options)


def _amount() -> fields.Integer:
    return fields.Integer(required=True, strict=True, validate=validate.Range(min=1))


class _Resource(_Message):
    algorithm = fields.String(required=True, validate=validate.Equal("AEAD_AES_256_GCM"))
    ciphertext = _text(100_000)
    nonce = fields.String(required=True, validate=validate.Length(8, 128))
    associated_data = fields.String(load_default="", allow_none=True)


class _Envelope(_Message):
    id = _text(64)
    event_type = _text(64)
    resource = fields.Nested(_Resource, required=True)


class _PaidAmount(_Message):
    total = _amount()
    currency = fields.String(required=True, validate=validate.Length(equal=3))


class PaidTrade(_Message):
    appid = _text(32)
    mchid = _text(32)
    out_trade_no = _text(32)
    transaction_id = _text(64)
    amount = fields.Nested(_PaidAmount, required=True)


class _PaidNotice(PaidTrade):
    # Told again after a refund, it may say so.
    trade_state = fields.String(required=True, validate=validate.OneOf(PAID))
    attach = _text(128)


class _RefundAmount(_Message):
    total = _amount()
    refund = _amount()


class _RefundNotice(_Message):
    mchid = _text(32)
    out_trade_no = _text(32)
    transaction_id = _text(64)
    out_refund_no = _text(64)
    refund_status = fields.String(
        required=True, validate=validate.OneOf(("SUCCESS", "CLOSED", ABNORMAL, "PROCESSING"))
    )
    amount = fields.Nested(_RefundAmount, required=True)


REFUND_KINDS = {
    "SUCCESS": "refund-succeeded", "CLOSED": "refund-failed",
    # The money found no way to the payer, and somebody will find one at the merchant's desk: neither done nor refused.
    ABNORMAL: "refund-changed", "PROCESSING": "refund-changed",
}


def notification(body: str, *, merchant_id: str, app_id: str, api_v3_key: str) -> Notification:
    """body: of a notification whose signature is verified. Raises NotificationMalformed, NotificationMismatch."""
    envelope = load(_Envelope(), _json(body))
    resource = _decrypted(envelope["resource"], api_v3_key)
    event = str(envelope["event_type"])
    if event == "TRANSACTION.SUCCESS":
        trade = load(_PaidNotice(), resource)
        _check_ours(trade, mchid=merchant_id, appid=app_id)
        return Notification(
            channel=CHANNEL, event_id=envelope["id"], kind="payment-succeeded",
            order_id=order_id_of(trade["out_trade_no"]), tenant=trade["attach"], trade_no=trade["transaction_id"],
            amount_minor=trade["amount"]["total"], currency=trade["amount"]["currency"],
        )
    if event.startswith("REFUND."):
        return _refund(envelope["id"], load(_RefundNotice(), resource), merchant_id)
    raise NotificationMalformed(Bilingual(
        "event_type is not understood; TRANSACTION.SUCCESS and REFUND.* are allowed",
        "event_type 无法识别；允许 TRANSACTION.SUCCESS 和 REFUND.*"))


def _refund(event_id: str, refund: Mapping[str, Any], merchant_id: str) -> Notification:
    _check_ours(refund, mchid=merchant_id)
    status = refund["refund_status"]
    return Notification(
        channel=CHANNEL, event_id=event_id, kind=REFUND_KINDS[status],  # type: ignore[arg-type]
        order_id=order_id_of(refund["out_trade_no"]), tenant=None, trade_no=refund["transaction_id"],
        # A refund's notification names no currency; WeChat Pay in the mainland has one.
        amount_minor=refund["amount"]["refund"], currency="CNY", refund_id=refund["out_refund_no"],
        failure=None if status == "SUCCESS" else status,
    )


def load(schema: Schema, data: Any) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = schema.load(data)
    except ValidationError as error:
        raise NotificationMalformed(Bilingual(
            "message has wrong fields",
            "报文的字段有误"), details={"fields": in_both_languages(error.messages)}) from error
    return loaded


def _decrypted(resource: Mapping[str, str], api_v3_key: str) -> Any:
    try:
        text = aes_decrypt(
            nonce=resource["nonce"], ciphertext=resource["ciphertext"],
            associated_data=resource["associated_data"] or "", apiv3_key=api_v3_key,
        )
    except ValueError as error:
        raise NotificationMalformed(Bilingual(
            "resource is not base64 of what AES-256-GCM made",
            "resource 不是 AES-256-GCM 密文的 Base64")) from error
    if text is None:
        raise NotificationMalformed(Bilingual(
            "resource was not encrypted with our API v3 key",
            "resource 不是用本商户的 APIv3 密钥加密的"))
    return _json(text)


def _json(text: str) -> Any:
    try:
        return strict_json.read(text)
    except strict_json.JsonRefused as refused:
        raise NotificationMalformed(Bilingual(
            f"message: {refused}",
            f"报文：{refused}"), details={"fields": refused.fields()}) from None


def _check_ours(message: Mapping[str, Any], **ours: str) -> None:
    for name, value in ours.items():
        if message[name] != value:
            raise NotificationMismatch(
                Bilingual(
                    "notification is for another merchant or app; only our own is accepted",
                    "通知属于其他商户或应用；只接受本商户的通知"), details={"field": name}
            )
