"""Alipay, product 电脑网站支付: the payer's browser is sent to a signed address.

Source: https://opendocs.alipay.com/open/270/105900
"""
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from alipay.aop.api.domain.AlipayTradeCloseModel import AlipayTradeCloseModel
from alipay.aop.api.domain.AlipayTradeFastpayRefundQueryModel import AlipayTradeFastpayRefundQueryModel
from alipay.aop.api.domain.AlipayTradePagePayModel import AlipayTradePagePayModel
from alipay.aop.api.domain.AlipayTradeQueryModel import AlipayTradeQueryModel
from alipay.aop.api.domain.AlipayTradeRefundModel import AlipayTradeRefundModel
from alipay.aop.api.request.AlipayTradeCloseRequest import AlipayTradeCloseRequest
from alipay.aop.api.request.AlipayTradeFastpayRefundQueryRequest import AlipayTradeFastpayRefundQueryRequest
from alipay.aop.api.request.AlipayTradePagePayRequest import AlipayTradePagePayRequest
from alipay.aop.api.request.AlipayTradeQueryRequest import AlipayTradeQueryRequest
from alipay.aop.api.request.AlipayTradeRefundRequest import AlipayTradeRefundRequest

from services.payment.channels.adapters.alipay import messages
from services.payment.channels.adapters.alipay.amounts import minor
from services.payment.channels.adapters.alipay.client import CHANNEL, CHINA, AlipayClient
from services.payment.channels.adapters.http import not_understood, refused
from services.payment.channels.domain.channel import (
    Notification,
    PaymentStatus,
    Prepaid,
    PrepayRequest,
    RefundRequest,
    RefundStatus,
)
from services.payment.channels.domain.errors import ChannelRefused
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.money import decimal_text

CURRENCY = "CNY"
LONGEST_SUBJECT = 80
ABSENT = "ACQ.TRADE_NOT_EXIST"
CLOSED = "TRADE_CLOSED"


class AlipayChannel:
    """The settings of services.payment.alipay (schemas/channel_settings.py)."""

    name = CHANNEL

    def __init__(self, *, app_id: str, notify_url: str, seller_id: str | None = None, **settings: Any) -> None:
        self._app_id = app_id
        self._seller_id = seller_id
        self._notify_url = notify_url
        self._client = AlipayClient(app_id=app_id, **settings)

    def prepay(self, request: PrepayRequest) -> Prepaid:
        """Asks nobody: Alipay hears of the trade when the payer's browser comes with the signed address."""
        if request.currency != CURRENCY:
            raise refused(CHANNEL, "CURRENCY", Bilingual(
                f"{request.currency} cannot be paid; {CURRENCY} can",
                f"不能以 {request.currency} 支付；只能用 {CURRENCY}"))
        model = _filled(
            AlipayTradePagePayModel(), out_trade_no=request.order_id, product_code="FAST_INSTANT_TRADE_PAY",
            total_amount=decimal_text(request.amount_minor), subject=_subject(request.description),
            passback_params=request.attachment,
            time_expire=request.expires_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S"),
        )
        page = AlipayTradePagePayRequest(biz_model=model)
        page.notify_url, page.return_url = self._notify_url, request.return_url
        return Prepaid(pay_url=self._client.address(page))

    def payment(self, order_id: str) -> PaymentStatus:
        asked = _filled(AlipayTradeQueryModel(), out_trade_no=order_id)
        try:
            answer = self._client.execute(AlipayTradeQueryRequest(biz_model=asked))
        except ChannelRefused as refusal:
            if refusal.details["channel_code"] == ABSENT:
                return PaymentStatus("absent")
            raise
        self._check_about(answer, out_trade_no=order_id)
        status = answer.get("trade_status")
        # A trade that was paid and given back in full is closed too.
        if status in messages.PAID or (status == CLOSED and answer.get("send_pay_date")):
            return self._paid(answer)
        if status not in messages.STATES:
            raise not_understood(CHANNEL)
        return PaymentStatus("failed" if status == CLOSED else "unpaid")

    def refund(self, request: RefundRequest) -> RefundStatus:
        asked = _filled(
            AlipayTradeRefundModel(), out_trade_no=request.order_id, trade_no=request.trade_no,
            out_request_no=request.refund_id, refund_amount=decimal_text(request.amount_minor),
            refund_reason=request.reason,
        )
        answer = self._client.execute(AlipayTradeRefundRequest(biz_model=asked))
        self._check_about(answer, out_trade_no=request.order_id)
        if answer.get("fund_change") == "Y":
            return RefundStatus("succeeded")
        # "N": nothing moved by this very request. It may have before; the query tells.
        status = self.refund_status(request)
        return RefundStatus("processing") if status.state == "absent" else status

    def refund_status(self, request: RefundRequest) -> RefundStatus:
        asked = _filled(
            AlipayTradeFastpayRefundQueryModel(), out_trade_no=request.order_id, trade_no=request.trade_no,
            out_request_no=request.refund_id,
        )
        try:
            answer = self._client.execute(AlipayTradeFastpayRefundQueryRequest(biz_model=asked))
        except ChannelRefused as refusal:
            if refusal.details["channel_code"] == ABSENT:
                return RefundStatus("absent")
            raise
        if answer.get("refund_status") != "REFUND_SUCCESS":
            return RefundStatus("absent")  # Alipay: what the query does not know has not been done
        self._check_about(answer, out_trade_no=request.order_id, out_request_no=request.refund_id)
        if minor(answer.get("refund_amount")) != request.amount_minor:
            raise not_understood(CHANNEL)
        return RefundStatus("succeeded")

    def close(self, order_id: str) -> None:
        asked = _filled(AlipayTradeCloseModel(), out_trade_no=order_id)
        try:
            self._client.execute(AlipayTradeCloseRequest(biz_model=asked))
        except ChannelRefused:
            # Closed before is refused in the words of "paid"; only the trade's state tells them apart.
            if self.payment(order_id).state != "failed":
                raise

    def read(self, headers: Mapping[str, str], body: str, *, now: datetime) -> Notification:
        return messages.notification(
            body, now=now, key=self._client.alipay_key, app_id=self._app_id, seller_id=self._seller_id
        )

    def stop(self) -> None:
        self._client.stop()

    def _paid(self, answer: Mapping[str, Any]) -> PaymentStatus:
        trade_no, amount_minor = answer.get("trade_no"), minor(answer.get("total_amount"))
        if not isinstance(trade_no, str) or not trade_no or not amount_minor:
            raise not_understood(CHANNEL)
        return PaymentStatus(
            "paid", trade_no=trade_no, amount_minor=amount_minor,
            currency=str(answer.get("trans_currency") or CURRENCY),
        )

    def _check_about(self, answer: Mapping[str, Any], **asked: str) -> None:
        """Alipay signs no time: a signed answer to another question must not pass for this one's."""
        if any(answer.get(name) != value for name, value in asked.items()):
            raise not_understood(CHANNEL)


def _filled(model: Any, **values: str) -> Any:
    for name, value in values.items():
        setattr(model, name, value)
    return model


def _subject(text: str) -> str:
    """Alipay takes no / = & in it."""
    return "".join(" " if letter in "/=&" else letter for letter in text)[:LONGEST_SUBJECT]
