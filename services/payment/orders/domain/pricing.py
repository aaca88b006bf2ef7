"""Price the lines of an order from fee items."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.payment.common.domain.amounts import LARGEST_ORDER_MINOR
from services.payment.fees.domain.errors import FeeItemUnknown
from services.payment.fees.domain.fee_item import FeeItem
from services.payment.fees.domain.rules import check_line, late_fee_minor, overdue_days
from services.payment.orders.domain.errors import FeeItemsMixed, OrderTooLarge
from services.payment.orders.domain.order import OrderLine
from shared_components.kernel.bilingual import Bilingual

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class WantedLine:
    """A line that an order asks for, before it is priced.

    limit_date: 限缴日期, needed where the fee item has a late fee.
    """

    item_code: str
    quantity: int = 1
    limit_date: date | None = None


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
                Bilingual(
                    f"fee item {line.item_code!r} is not in force; list_fee_items names those that are",
                    f"收费项目“{line.item_code}”不在有效期内；有效项目见 list_fee_items"),
                details={"item_code": line.item_code},
            )
        first = first or item
        _check_together(first, item)
        lines += _priced(item, line.quantity, line.limit_date, today)
    if first is None:
        raise FeeItemUnknown(Bilingual(
            "the order has no line; at least one fee item is needed",
            "订单没有明细；至少须有一个收费项目"))
    _check_amount(lines)
    return first, lines


def _check_amount(lines: Sequence[OrderLine]) -> None:
    amount_minor = sum(line.amount_minor for line in lines)
    if amount_minor > LARGEST_ORDER_MINOR:
        raise OrderTooLarge(
            Bilingual(
                f"amount of the order is {amount_minor} with its late fees; 1 to {LARGEST_ORDER_MINOR} is allowed",
                f"订单金额（含滞纳金）为 {amount_minor} 分；允许 1 至 {LARGEST_ORDER_MINOR} 分"),
            details={"amount_minor": amount_minor, "limit_minor": LARGEST_ORDER_MINOR},
        )


def _check_together(first: FeeItem, item: FeeItem) -> None:
    for name in ("collecting_unit", "division", "currency"):
        if getattr(first, name) != getattr(item, name):
            raise FeeItemsMixed(
                Bilingual(
                    f"fee items {first.item_code!r} and {item.item_code!r} differ in {name}; "
                    f"one order has one {name}, make one order each",
                    f"收费项目“{first.item_code}”与“{item.item_code}”的 {name} 不同；一个订单只能有一个 {name}，"
                    "请分别下单"),
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
