"""A channel behind its breaker. Reading a notification calls nobody, and passes by."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from services.payment.adapters.channels.breaker import Breaker
from services.payment.domain.channel import (
    Notification,
    PaymentStatus,
    Prepaid,
    PrepayRequest,
    RefundRequest,
    RefundStatus,
)
from services.payment.domain.ports import Channel


class GuardedChannel:
    def __init__(self, channel: Channel, breaker: Breaker) -> None:
        self.inner = channel
        self.breaker = breaker

    @property
    def name(self) -> str:
        return self.inner.name

    def prepay(self, request: PrepayRequest) -> Prepaid:
        return self.breaker.call(lambda: self.inner.prepay(request))

    def payment(self, order_id: str) -> PaymentStatus:
        return self.breaker.call(lambda: self.inner.payment(order_id))

    def refund(self, request: RefundRequest) -> RefundStatus:
        return self.breaker.call(lambda: self.inner.refund(request))

    def refund_status(self, request: RefundRequest) -> RefundStatus:
        return self.breaker.call(lambda: self.inner.refund_status(request))

    def close(self, order_id: str) -> None:
        self.breaker.call(lambda: self.inner.close(order_id))

    def read(self, headers: Mapping[str, str], body: str, *, now: datetime) -> Notification:
        return self.inner.read(headers, body, now=now)
