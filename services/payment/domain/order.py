"""An order: priced here, paid through a channel, refunded never above what was paid."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from services.payment.common.domain.amounts import LARGEST_ORDER_MINOR
from services.payment.domain import states
from services.payment.domain.errors import (
    FeeItemsMixed,
    OrderNotClosable,
    OrderNotPayable,
    OrderNotRefundable,
    OrderTooLarge,
    RefundAvailableChanged,
    RefundTooLarge,
)
from services.payment.fees.domain.errors import FeeItemUnknown
from services.payment.fees.domain.fee_item import FeeItem
from services.payment.fees.domain.rules import check_line, late_fee_minor, overdue_days

LONGEST_NAME = 200

USUAL_LIFE_S = 7200


@dataclass(frozen=True, slots=True)
class WantedLine:
    """A line that an order asks for, before it is priced.

    limit_date: 限缴日期, needed where the fee item has a late fee.
    """

    item_code: str
    quantity: int = 1
    limit_date: date | None = None


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
    metadata: Mapping[str, Any] = field(default_factory=dict)
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
                f"order {self.order_id} is {self.state!r}; only 'created' or 'pending' can be paid",
                details={"state": self.state},
            )
        if at >= self.expires_at:
            raise OrderNotPayable(
                f"order {self.order_id} expired at {self.expires_at.isoformat()}; make a new order",
                details={"state": states.EXPIRED},
            )

    def check_closable(self) -> None:
        if self.state not in states.PAYABLE:
            raise OrderNotClosable(
                f"order {self.order_id} is {self.state!r}; only 'created' or 'pending' can be closed",
                details={"state": self.state},
            )

    def check_refundable(self, amount_minor: int, *, believed_available_minor: int) -> None:
        """believed_available_minor: what the caller thinks can be refunded; a mismatch means it read an older order."""
        if self.state not in states.REFUNDABLE:
            raise OrderNotRefundable(
                f"order {self.order_id} is {self.state!r}; only 'paid' or 'partially_refunded' can be refunded",
                details={"state": self.state},
            )
        available = self.refund_available_minor
        if believed_available_minor != available:
            raise RefundAvailableChanged(
                f"refund_available_minor is {believed_available_minor}; order {self.order_id} has {available}",
                details={"refund_available_minor": available},
            )
        if amount_minor > available:
            raise RefundTooLarge(
                f"amount_minor is {amount_minor}; order {self.order_id} allows 1 to {available}",
                details={"refund_available_minor": available},
            )

    def state_after_refund(self, amount_minor: int) -> str:
        return states.REFUNDED if self.refunded_minor + amount_minor >= self.paid_minor else states.PARTIALLY_REFUNDED


def price_lines(
    wanted: Sequence[WantedLine], items: Mapping[tuple[str, str], FeeItem], *, tenant: str, today: date
) -> tuple[FeeItem, list[OrderLine]]:
    """The priced lines, and the item that says where the money goes (the same for all of them).

    wanted: at least one; today: in China, for late fees.
    Raises FeeItemUnknown, FeeItemsMixed, FeeQuantityRefused, FeeAmountRefused, LimitDateMissing, OrderTooLarge.
    """
    first: FeeItem | None = None
    lines: list[OrderLine] = []
    for line in wanted:
        item = items.get((tenant, line.item_code))
        if item is None:
            raise FeeItemUnknown(
                f"fee item {line.item_code!r} is not in force; list_fee_items names those that are",
                details={"item_code": line.item_code},
            )
        first = first or item
        _check_together(first, item)
        lines += _priced(item, line.quantity, line.limit_date, today)
    if first is None:
        raise FeeItemUnknown("the order has no line; at least one fee item is needed")
    _check_amount(lines)
    return first, lines


def _check_amount(lines: Sequence[OrderLine]) -> None:
    amount_minor = sum(line.amount_minor for line in lines)
    if amount_minor > LARGEST_ORDER_MINOR:
        raise OrderTooLarge(
            f"amount of the order is {amount_minor} with its late fees; 1 to {LARGEST_ORDER_MINOR} is allowed",
            details={"amount_minor": amount_minor, "limit_minor": LARGEST_ORDER_MINOR},
        )


def _check_together(first: FeeItem, item: FeeItem) -> None:
    for name in ("collecting_unit", "division", "currency"):
        if getattr(first, name) != getattr(item, name):
            raise FeeItemsMixed(
                f"fee items {first.item_code!r} and {item.item_code!r} differ in {name}; "
                f"one order has one {name}, make one order each",
                details={"field": name},
            )


def _priced(item: FeeItem, quantity: int, limit_date: date | None, today: date) -> list[OrderLine]:
    """The line, and one for its late fee where there is any."""
    check_line(item, quantity, limit_date)
    line = OrderLine(
        item_code=item.item_code,
        item_version=item.version,
        name=item.name,
        unit=item.unit,
        quantity=quantity,
        price_minor=item.price_minor,
        amount_minor=item.price_minor * quantity,
        limit_date=limit_date,
    )
    days = overdue_days(limit_date, today)
    fee_minor = late_fee_minor(line.amount_minor, item.late_fee_ppm, days)
    if not fee_minor:
        return [line]
    late = replace(
        line, name=f"{item.name}滞纳金"[-LONGEST_NAME:], unit="笔", quantity=1, price_minor=fee_minor,
        amount_minor=fee_minor, overdue_days=days,
    )
    return [line, late]
