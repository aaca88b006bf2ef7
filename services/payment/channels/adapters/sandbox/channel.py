"""The sandbox channel: a payment provider of our own, for development, tests and demonstrations."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from services.payment.channels.adapters.http import not_understood
from services.payment.channels.adapters.sandbox.notification import read_notification
from services.payment.channels.adapters.sandbox.signed_http import SignedHttp
from services.payment.channels.domain.channel import (
    Notification,
    PaymentStatus,
    Prepaid,
    PrepayRequest,
    RefundRequest,
    RefundStatus,
)
from services.payment.channels.domain.errors import NotificationNotAuthentic
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import Unauthenticated
from shared_components.security.request_signing import RequestVerifier

LONGEST_DESCRIPTION = 1000
"""Of the names of an order's lines; what is longer is cut, as the other channels' are."""


class SandboxChannel:
    """base_url: of the sandbox server; secret: shared with it; notify_url: where it reports payments and refunds."""

    name = "sandbox"

    def __init__(
        self, *, base_url: str, merchant_id: str, secret: str, notify_url: str, timeout_s: float = 5
    ) -> None:
        self._merchant_id = merchant_id
        self._notify_url = notify_url
        self._http = SignedHttp(self.name, base_url, key_id=merchant_id, secret=secret, timeout_s=timeout_s)
        self._verifier = RequestVerifier({merchant_id: secret.encode()})

    def prepay(self, request: PrepayRequest) -> Prepaid:
        answer = self._post("/v1/prepay", {
            "out_trade_no": request.order_id,
            "amount_minor": request.amount_minor,
            "currency": request.currency,
            "description": request.description[:LONGEST_DESCRIPTION],
            "expires_at": request.expires_at.isoformat(),
            "return_url": request.return_url,
            "notify_url": self._notify_url,
            "attach": request.attachment,
        })
        return Prepaid(pay_url=self._text(answer, "pay_url"))

    def payment(self, order_id: str) -> PaymentStatus:
        answer = self._post("/v1/payments/query", {"out_trade_no": order_id})
        state = answer.get("state")
        if state == "paid":
            return PaymentStatus(
                "paid", trade_no=self._text(answer, "trade_no"), amount_minor=int(answer["amount_minor"]),
                currency=self._text(answer, "currency"),
            )
        if state in ("unpaid", "failed", "absent"):
            return PaymentStatus(state)
        raise not_understood(self.name)

    def refund(self, request: RefundRequest) -> RefundStatus:
        return self._refund_status(self._post("/v1/refunds", {
            "refund_id": request.refund_id,
            "out_trade_no": request.order_id,
            "trade_no": request.trade_no,
            "amount_minor": request.amount_minor,
            "currency": request.currency,
            "reason": request.reason,
            "notify_url": self._notify_url,
        }))

    def refund_status(self, request: RefundRequest) -> RefundStatus:
        return self._refund_status(self._post("/v1/refunds/query", {"refund_id": request.refund_id}))

    def close(self, order_id: str) -> None:
        self._post("/v1/payments/close", {"out_trade_no": order_id})

    def statement(self, day: date) -> bytes:
        return self._text(self._post("/v1/statements", {"date": day.isoformat()}), "content").encode()

    def read(self, headers: Mapping[str, str], body: str, *, now: datetime) -> Notification:
        raw = body.encode()
        try:
            self._verifier.verify(headers, raw, at=now)
        except Unauthenticated as error:
            raise NotificationNotAuthentic(Bilingual(
                f"notification of channel 'sandbox': {error.message}",
                f"渠道“sandbox”的通知：{error.message_in('zh')}")) from error
        return read_notification(raw, channel=self.name, merchant_id=self._merchant_id)

    def stop(self) -> None:
        self._http.close()

    def _post(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        return self._http.post(path, {"merchant_id": self._merchant_id, **body})

    def _refund_status(self, answer: Mapping[str, Any]) -> RefundStatus:
        state = answer.get("state")
        if state in ("absent", "processing", "succeeded", "failed"):
            failure = answer.get("failure")
            return RefundStatus(state, failure=None if failure is None else str(failure)[:200])
        raise not_understood(self.name)

    def _text(self, answer: Mapping[str, Any], name: str) -> str:
        value = answer.get(name)
        if not isinstance(value, str) or not value:
            raise not_understood(self.name)
        return value
