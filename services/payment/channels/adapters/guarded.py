"""A channel behind its breaker. Reading a notification calls nobody, and passes by."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from services.payment.channels.adapters.breaker import Breaker
from services.payment.channels.domain.channel import (
    Notification,
    PaymentStatus,
    Prepaid,
    PrepayRequest,
    RefundRequest,
    RefundStatus,
)
from services.payment.channels.domain.ports import Channel, OffersStatements


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


class GuardedStatements(GuardedChannel):
    """A guarded channel that offers its statements."""

    def statement(self, day: date) -> bytes:
        inner = self.inner
        assert isinstance(inner, OffersStatements)
        return self.breaker.call(lambda: inner.statement(day))


def guarded(channel: Channel, breaker: Breaker) -> GuardedChannel:
    """The channel behind the breaker, with all that it offers."""
    kind = GuardedStatements if isinstance(channel, OffersStatements) else GuardedChannel
    return kind(channel, breaker)
