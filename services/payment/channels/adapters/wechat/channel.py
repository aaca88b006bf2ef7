"""WeChat Pay v3, products Native (a QR code) and H5 (a page in the phone's browser).

Source: https://pay.weixin.qq.com/doc/v3/merchant/4012791874
"""
from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from services.payment.channels.adapters.http import not_understood, refused
from services.payment.channels.adapters.wechat import messages
from services.payment.channels.adapters.wechat.client import CHANNEL, WechatClient
from services.payment.channels.adapters.wechat.signatures import WechatVerifier
from services.payment.channels.domain.channel import (
    Notification,
    PaymentStatus,
    Prepaid,
    PrepayRequest,
    RefundRequest,
    RefundStatus,
)
from services.payment.channels.domain.errors import ChannelRefused, NotificationMalformed, NotificationNotAuthentic
from shared_components.kernel.bilingual import Bilingual
from shared_components.security.rsa_keys import rsa_private_key, rsa_public_key

CHINA = timezone(timedelta(hours=8))
CURRENCY = "CNY"
LONGEST_DESCRIPTION, REASON_BYTES = 127, 80
ABSENT = frozenset({"ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS"})
STATES: Mapping[str, Any] = {
    "NOTPAY": "unpaid", "USERPAYING": "unpaid", "ACCEPT": "unpaid",
    "CLOSED": "failed", "REVOKED": "failed", "PAYERROR": "failed",
}
REFUND_STATES: Mapping[str, Any] = {
    "SUCCESS": "succeeded", "CLOSED": "failed", "PROCESSING": "processing", messages.ABNORMAL: "processing",
}


class WechatChannel:
    """The settings of services.payment.wechat (schemas/channel_settings.py)."""

    name = CHANNEL

    def __init__(
        self, *, merchant_id: str, app_id: str, private_key: str, api_v3_key: str, platform_keys: Mapping[str, str],
        product: str = "native", **settings: Any,
    ) -> None:
        self._ours = {"merchant_id": merchant_id, "app_id": app_id, "api_v3_key": api_v3_key}
        self._product = product
        keys = {key_id: rsa_public_key(text) for key_id, text in platform_keys.items()}
        self._verifier = WechatVerifier(keys)
        newest = next(iter(keys))
        # The library takes one form of PEM only.
        pkcs8 = rsa_private_key(private_key).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        spki = keys[newest].public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        self._client = WechatClient(
            merchant_id=merchant_id, app_id=app_id, api_v3_key=api_v3_key, private_key=pkcs8.decode(),
            verifier=self._verifier, product=product, platform_key=(newest, spki.decode()), **settings,
        )

    def prepay(self, request: PrepayRequest) -> Prepaid:
        if request.currency != CURRENCY:
            raise refused(CHANNEL, "CURRENCY", Bilingual(
                f"{request.currency} cannot be paid; {CURRENCY} can",
                f"不能以 {request.currency} 支付；只能用 {CURRENCY}"))
        answer = self._client.pay(
            description=request.description[:LONGEST_DESCRIPTION],
            out_trade_no=messages.trade_no_of(request.order_id),
            amount={"total": request.amount_minor, "currency": request.currency},
            time_expire=request.expires_at.astimezone(CHINA).isoformat(timespec="seconds"),
            attach=request.attachment,
            scene_info=self._scene(request),
        )
        address = answer.get("h5_url" if self._product == "h5" else "code_url")
        if not isinstance(address, str) or not address:
            raise not_understood(CHANNEL)
        return Prepaid(pay_url=self._with_way_back(address, request.return_url))

    def _with_way_back(self, address: str, return_url: str | None) -> str:
        """The native product has a QR code, and no page to come back from.

        Source: https://pay.weixin.qq.com/doc/v3/merchant/4012791835
        """
        if self._product != "h5" or return_url is None:
            return address
        return f"{address}{'&' if '?' in address else '?'}{urlencode({'redirect_url': return_url})}"

    def payment(self, order_id: str) -> PaymentStatus:
        out_trade_no = messages.trade_no_of(order_id)
        try:
            answer = self._client.query(out_trade_no=out_trade_no)
        except ChannelRefused as refusal:
            if refusal.details["channel_code"] in ABSENT:
                return PaymentStatus("absent")
            raise
        state = answer.get("trade_state")
        if state in messages.PAID:
            return self._paid(answer, out_trade_no)
        if state not in STATES or answer.get("out_trade_no") != out_trade_no:
            raise not_understood(CHANNEL)
        return PaymentStatus(STATES[state])

    def refund(self, request: RefundRequest) -> RefundStatus:
        return self._refund_status(request, self._client.refund(
            out_refund_no=request.refund_id,
            transaction_id=request.trade_no,
            amount={"refund": request.amount_minor, "total": request.paid_minor, "currency": request.currency},
            reason=_cut(request.reason, REASON_BYTES),
        ))

    def refund_status(self, request: RefundRequest) -> RefundStatus:
        try:
            answer = self._client.query_refund(out_refund_no=request.refund_id)
        except ChannelRefused as refusal:
            if refusal.details["channel_code"] in ABSENT:
                return RefundStatus("absent")
            raise
        return self._refund_status(request, answer)

    def close(self, order_id: str) -> None:
        try:
            self._client.close(out_trade_no=messages.trade_no_of(order_id))
        except ChannelRefused as refusal:
            if refusal.details["channel_code"] not in ("ORDER_CLOSED", "ORDERCLOSED"):
                raise

    def read(self, headers: Mapping[str, str], body: str, *, now: datetime) -> Notification:
        try:
            self._verifier.verify(headers, body, at=now.astimezone(UTC))
        except NotificationNotAuthentic as error:
            raise NotificationNotAuthentic(Bilingual(
                f"notification of channel 'wechat': {error.message}",
                f"渠道“wechat”的通知：{error.message_in('zh')}")) from error
        return messages.notification(body, **self._ours)

    def stop(self) -> None:
        self._client.stop()

    def _scene(self, request: PrepayRequest) -> dict[str, Any] | None:
        if self._product != "h5":
            return None
        if request.payer_ip is None:
            raise refused(CHANNEL, "PAYER_IP", Bilingual(
                "payer_ip is missing; WeChat's H5 product needs the payer's address",
                "缺少 payer_ip；微信 H5 支付须提供缴款人的地址"))
        return {"payer_client_ip": request.payer_ip, "h5_info": {"type": "Wap"}}

    def _paid(self, answer: Mapping[str, Any], out_trade_no: str) -> PaymentStatus:
        try:
            trade = messages.load(messages.PaidTrade(), answer)
        except NotificationMalformed as error:
            raise not_understood(CHANNEL) from error
        ours = {"out_trade_no": out_trade_no, "mchid": self._ours["merchant_id"], "appid": self._ours["app_id"]}
        if any(trade[name] != value for name, value in ours.items()):
            raise not_understood(CHANNEL)
        return PaymentStatus(
            "paid", trade_no=trade["transaction_id"], amount_minor=trade["amount"]["total"],
            currency=trade["amount"]["currency"],
        )

    def _refund_status(self, request: RefundRequest, answer: Mapping[str, Any]) -> RefundStatus:
        status, amount = str(answer.get("status")), answer.get("amount")
        refunded_minor = amount.get("refund") if isinstance(amount, Mapping) else None
        told = (answer.get("out_refund_no"), refunded_minor)
        if status not in REFUND_STATES or told != (request.refund_id, request.amount_minor):
            raise not_understood(CHANNEL)
        return RefundStatus(REFUND_STATES[status], failure=None if status == "SUCCESS" else status)


def _cut(text: str, most_bytes: int) -> str:
    """WeChat counts bytes; no character is cut in two."""
    return text.encode()[:most_bytes].decode(errors="ignore")
