"""Requests to a payment channel and its answers, the same for every channel."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.payment.channels.domain.errors import NotificationMalformed
from shared_components.kernel.bilingual import Bilingual

PaymentState = Literal["absent", "unpaid", "paid", "failed"]
RefundState = Literal["absent", "processing", "succeeded", "failed"]
NotificationKind = Literal[
    "payment-succeeded", "payment-failed", "refund-succeeded", "refund-failed", "refund-changed"
]
"""payment-failed and refund-changed decide nothing: they are reasons to ask the channel."""


@dataclass(frozen=True, slots=True)
class PrepayRequest:
    """order_id is the merchant's number at the channel: asking twice with it starts one payment.

    attachment: comes back with every notification, under the channel's signature.
    payer_ip: where the payer's browser is; some channels want it, none of it is stored here.
    """

    order_id: str
    amount_minor: int
    currency: str
    description: str
    expires_at: datetime
    return_url: str | None
    attachment: str
    payer_ip: str | None = None


@dataclass(frozen=True, slots=True)
class Prepaid:
    pay_url: str


@dataclass(frozen=True, slots=True)
class PaymentStatus:
    """A channel's answer about a payment; absent: the channel does not know the order."""

    state: PaymentState
    trade_no: str | None = None
    amount_minor: int = 0
    currency: str = ""


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """paid_minor: what the trade paid that money is given back of."""

    refund_id: str
    order_id: str
    trade_no: str
    amount_minor: int
    currency: str
    reason: str
    paid_minor: int


@dataclass(frozen=True, slots=True)
class RefundStatus:
    state: RefundState
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Notification:
    """A channel's word on a payment or a refund, its signature already verified.

    event_id: unique at the channel. tenant: the attachment we gave; None where the channel returns none.
    amount_minor: 0 where a refund-changed says none.
    """

    channel: str
    event_id: str
    kind: NotificationKind
    order_id: str
    tenant: str | None
    trade_no: str
    amount_minor: int
    currency: str
    refund_id: str | None = None
    failure: str | None = None


def check_texts(notification: Notification) -> None:
    """Raises NotificationMalformed: JSON and forms can say NUL, and no database keeps it."""
    for name in ("event_id", "order_id", "tenant", "trade_no", "currency", "refund_id", "failure"):
        if "\0" in (getattr(notification, name) or ""):
            raise NotificationMalformed(
                Bilingual(
                    f"notification has the character NUL in its {name}; text without it is allowed",
                    f"通知的 {name} 中有 NUL 字符；只允许不含该字符的文本"),
                details={"fields": {name: [Bilingual("must not contain the character NUL", "不得含 NUL 字符")]}},
            )
