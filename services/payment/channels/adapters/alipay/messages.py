"""Understand Alipay's notifications: a signed form.

Source: https://opendocs.alipay.com/open/270/105902
"""
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, quote

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from services.payment.channels.adapters.alipay.amounts import minor
from services.payment.channels.adapters.alipay.charsets import CHARSETS, DEFAULT_CHARSET, codec
from services.payment.channels.adapters.alipay.client import CHANNEL, CHINA, is_signed
from services.payment.channels.domain.channel import Notification
from services.payment.channels.domain.errors import (
    NotificationMalformed,
    NotificationMismatch,
    NotificationNotAuthentic,
)
from shared_components.contracts.field_messages import in_both_languages
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.strict_json import HAS_NUL, wrong_of_text

# Alipay sends a notification again for 24 h 22 min, and says nowhere that it writes a new time on it.
OLDEST, NEWEST = timedelta(hours=25), timedelta(minutes=5)
PAID = ("TRADE_SUCCESS", "TRADE_FINISHED")
STATES = ("WAIT_BUYER_PAY", "TRADE_CLOSED", *PAID)
MOST_FIELDS = 100
ASCII = "".join(map(chr, range(128)))


class _Form(Schema):
    """Fields that Alipay adds later are no reason to refuse money."""

    class Meta:
        unknown = EXCLUDE

    notify_id = fields.String(required=True, validate=validate.Length(1, 128))
    notify_type = fields.String(required=True, validate=validate.Equal("trade_status_sync"))
    notify_time = fields.NaiveDateTime("%Y-%m-%d %H:%M:%S", required=True)
    app_id = fields.String(required=True)
    seller_id = fields.String(load_default=None)
    out_trade_no = fields.String(required=True, validate=validate.Length(1, 64))
    trade_no = fields.String(required=True, validate=validate.Length(1, 64))
    trade_status = fields.String(required=True, validate=validate.OneOf(STATES))
    total_amount = fields.String(required=True)
    passback_params = fields.String(required=True, validate=validate.Length(1, 512))
    trans_currency = fields.String(load_default="CNY", validate=validate.Length(equal=3))
    out_biz_no = fields.String(load_default=None, validate=validate.Length(1, 64))
    refund_fee = fields.String(load_default=None)


def notification(
    body: str, *, now: datetime, key: RSAPublicKey, app_id: str, seller_id: str | None
) -> Notification:
    """Raises NotificationNotAuthentic, NotificationMalformed, NotificationMismatch (another app's or seller's)."""
    form = _form(body)
    _check_signature(form, key)
    data = _load(_texts(form))
    away = now - data["notify_time"].replace(tzinfo=CHINA)
    if not -NEWEST <= away <= OLDEST:
        raise NotificationNotAuthentic(
            Bilingual(
                f"notification of channel 'alipay' is {int(away.total_seconds())} s old; "
                f"{int(-NEWEST.total_seconds())} to {int(OLDEST.total_seconds())} are allowed",
                f"渠道“alipay”的通知已有 {int(away.total_seconds())} 秒；允许 {int(-NEWEST.total_seconds())} 至 "
                f"{int(OLDEST.total_seconds())} 秒")
        )
    for name, ours in (("app_id", app_id), ("seller_id", seller_id)):
        if ours is not None and data[name] != ours:
            raise NotificationMismatch(
                Bilingual(
                    "notification is for another app or seller; only our own is accepted",
                    "通知属于其他应用或卖家；只接受本商户的通知"), details={"field": name}
            )
    return _understood(data)


def _form(body: str) -> dict[str, bytes]:
    """The fields as bytes: they are signed so, in whatever charset they are."""
    try:
        # A byte above 127 that was not percent-encoded means the same as one that was. latin-1 keeps bytes as they are.
        pairs = parse_qsl(
            quote(body, safe=ASCII), keep_blank_values=True, strict_parsing=True, encoding="latin-1",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError as error:
        raise NotificationMalformed(Bilingual("notification is no form", "通知不是表单")) from error
    form = {name: value.encode("latin-1") for name, value in pairs}
    if len(form) != len(pairs):
        raise NotificationMalformed(Bilingual(
            "notification has a field twice; each is allowed once",
            "通知中有重复的字段；每个字段只能出现一次"))
    return form


def _check_signature(form: Mapping[str, bytes], key: RSAPublicKey) -> None:
    """Raises NotificationNotAuthentic. Before this nothing of the form is believed, not even its charset."""
    signature = form.get("sign", b"").decode("latin-1")
    signed = b"&".join(
        name.encode("latin-1") + b"=" + form[name] for name in sorted(form) if name not in ("sign", "sign_type")
    )
    if not signature or form.get("sign_type") != b"RSA2" or not is_signed(key, signed, signature):
        raise NotificationNotAuthentic(Bilingual(
            "notification of channel 'alipay': signature is not Alipay's (RSA2)",
            "渠道“alipay”的通知：签名不是支付宝的（RSA2）"))


def _texts(form: Mapping[str, bytes]) -> dict[str, str]:
    """The fields in the charset that the form declares; UTF-8 where it declares none. Raises NotificationMalformed."""
    charset = codec(form["charset"].decode("latin-1") if form.get("charset") else DEFAULT_CHARSET)
    if charset is None:
        raise NotificationMalformed(
            Bilingual(
                f"notification has a charset that is not known; {', '.join(CHARSETS)} are allowed",
                f"通知的字符集无法识别；允许 {', '.join(CHARSETS)}"),
            details={"fields": {"charset": [
                Bilingual(f"must be one of {', '.join(CHARSETS)}", f"只能取：{', '.join(CHARSETS)}。")
            ]}, "allowed": list(CHARSETS)},
        )
    texts = {}
    for name, value in form.items():
        try:
            texts[name] = value.decode(charset)
        except UnicodeDecodeError as error:
            raise NotificationMalformed(
                Bilingual(
                    "notification has a field that is not in the charset which it declares",
                    "通知中有字段不符合所声明的字符集"),
                details={"fields": {name[:64]: [
                    Bilingual("is not text in the declared charset", "不符合所声明的字符集")]}},
            ) from error
    return texts


def _load(form: Mapping[str, str]) -> dict[str, Any]:
    unstorable = sorted(name for name, value in form.items() if wrong_of_text(name + value))
    if unstorable:
        raise NotificationMalformed(Bilingual(
            "notification has text with NUL",
            "通知的文本中有 NUL 字符"), details={"fields": {
            name.replace("\0", "�"): [HAS_NUL] for name in unstorable}})
    try:
        data: dict[str, Any] = _Form().load(form)
    except ValidationError as error:
        raise NotificationMalformed(Bilingual(
            "notification has wrong fields",
            "通知的字段有误"), details={"fields": in_both_languages(error.messages)}) from error
    data["amount_minor"] = minor(data["total_amount"])
    if not data["amount_minor"]:
        raise NotificationMalformed(Bilingual(
            "total_amount is no amount above 0 with at most two decimals",
            "total_amount 应为大于 0、至多两位小数的金额"))
    return data


def _understood(data: Mapping[str, Any]) -> Notification:
    facts: dict[str, Any] = {
        "channel": CHANNEL, "event_id": data["notify_id"], "order_id": data["out_trade_no"],
        "tenant": data["passback_params"], "trade_no": data["trade_no"], "currency": data["trans_currency"],
        "amount_minor": data["amount_minor"],
    }
    if data["refund_fee"] is not None and data["out_biz_no"] is not None:
        # It tells what was given back so far, all refunds together, and so cannot tell that this one is done.
        return Notification(**{
            **facts, "kind": "refund-changed", "refund_id": data["out_biz_no"], "amount_minor": 0,
        })
    if data["trade_status"] in PAID:
        return Notification(**facts, kind="payment-succeeded")
    # Closed for lack of money, or waiting for it: both a reason to ask, no more.
    return Notification(**facts, kind="payment-failed")
