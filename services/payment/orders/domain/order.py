"""An order: priced here, paid through a channel, refunded never above what was paid."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from services.payment.orders.domain import states
from services.payment.orders.domain.errors import (
    OrderNotClosable,
    OrderNotPayable,
    OrderNotRefundable,
    RefundAvailableChanged,
    RefundTooLarge,
)
from shared_components.kernel.bilingual import Bilingual

USUAL_LIFE_S = 7200


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One fee item in one version, with the price as it was when ordered.

    overdue_days: of a line that is the late fee of the line before it, else 0.
    """

    item_code: str
    item_version: int
    name: str
    unit: str
    quantity: int
    price_minor: int
    amount_minor: int
    limit_date: date | None = None
    overdue_days: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """app: the caller that made it. sequence: how many events it has emitted.

    payer_name: None where it was not read: it is stored encrypted, and few have a use for it.
    refund_pending_minor: promised to refunds that the channel has not concluded.
    """

    order_id: str
    tenant: str
    app: str
    state: str
    amount_minor: int
    currency: str
    pay_code: str
    collecting_unit: str
    division: str
    payer_subject: str | None
    payer_name: str | None
    reference: str | None
    return_url: str | None
    created_at: datetime
    expires_at: datetime
    metadata: Mapping[str, object] = field(default_factory=dict)
    lines: Sequence[OrderLine] = ()
    paid_minor: int = 0
    refunded_minor: int = 0
    refund_pending_minor: int = 0
    paid_at: datetime | None = None
    channel: str | None = None
    pay_url: str | None = None
    query_attempts: int = 0
    sequence: int = 1

    @property
    def refund_available_minor(self) -> int:
        return self.paid_minor - self.refunded_minor - self.refund_pending_minor

    def check_payable(self, at: datetime) -> None:
        if self.state not in states.PAYABLE:
            raise OrderNotPayable(
                Bilingual(
                    f"order {self.order_id} is {self.state!r}; only 'created' or 'pending' can be paid",
                    f"订单 {self.order_id} 的状态为“{self.state}”；只有“created”或“pending”可以支付"),
                details={"state": self.state},
            )
        if at >= self.expires_at:
            raise OrderNotPayable(
                Bilingual(
                    f"order {self.order_id} expired at {self.expires_at.isoformat()}; make a new order",
                    f"订单 {self.order_id} 已于 {self.expires_at.isoformat()} 过期；请重新下单"),
                details={"state": states.EXPIRED},
            )

    def check_closable(self) -> None:
        if self.state not in states.PAYABLE:
            raise OrderNotClosable(
                Bilingual(
                    f"order {self.order_id} is {self.state!r}; only 'created' or 'pending' can be closed",
                    f"订单 {self.order_id} 的状态为“{self.state}”；只有“created”或“pending”可以关闭"),
                details={"state": self.state},
            )

    def check_refundable(self, amount_minor: int, *, believed_available_minor: int) -> None:
        """believed_available_minor: what the caller thinks can be refunded; a mismatch means it read an older order."""
        if self.state not in states.REFUNDABLE:
            raise OrderNotRefundable(
                Bilingual(
                    f"order {self.order_id} is {self.state!r}; only 'paid' or 'partially_refunded' can be refunded",
                    f"订单 {self.order_id} 的状态为“{self.state}”；只有“paid”或“partially_refunded”可以退款"),
                details={"state": self.state},
            )
        available = self.refund_available_minor
        if believed_available_minor != available:
            raise RefundAvailableChanged(
                Bilingual(
                    f"refund_available_minor is {believed_available_minor}; order {self.order_id} has {available}",
                    f"refund_available_minor 为 {believed_available_minor}；订单 {self.order_id} 的可退金额为 "
                    f"{available} 分"),
                details={"refund_available_minor": available},
            )
        if amount_minor > available:
            raise RefundTooLarge(
                Bilingual(
                    f"amount_minor is {amount_minor}; order {self.order_id} allows 1 to {available}",
                    f"amount_minor 为 {amount_minor}；订单 {self.order_id} 允许 1 至 {available} 分"),
                details={"refund_available_minor": available},
            )

    def state_after_refund(self, amount_minor: int) -> str:
        return states.REFUNDED if self.refunded_minor + amount_minor >= self.paid_minor else states.PARTIALLY_REFUNDED
