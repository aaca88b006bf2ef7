"""A fee item's rules for a line: how many, how much, and what being late costs (滞纳金).

The late fee is the principal times the daily rate times the days after the limit date (限缴日期), cut to whole 分 once,
at the end, in the payer's favour, and never more than the principal. All of it is integer arithmetic. It is reckoned
for the business day on which the order is made; an order that is paid later keeps its amount.
"""
from __future__ import annotations

from datetime import date

from services.payment.fees.domain.errors import FeeAmountRefused, FeeLimitsInvalid, FeeQuantityRefused, LimitDateMissing
from services.payment.fees.domain.fee_item import FeeItem
from shared_components.kernel.bilingual import Bilingual

MILLION = 1_000_000


def overdue_days(limit_date: date | None, today: date) -> int:
    """The limit date itself is in time; the day after it is the first that counts."""
    return 0 if limit_date is None else max(0, (today - limit_date).days)


def late_fee_minor(principal_minor: int, rate_ppm: int, days: int) -> int:
    """rate_ppm: millionths of the principal a day; 500 is 万分之五, 30000 is 3 %."""
    return min(principal_minor, principal_minor * rate_ppm * days // MILLION)


def check_limits(item: FeeItem) -> None:
    """Raises FeeLimitsInvalid: an item that nobody could ever order."""
    for name in ("quantity", "amount_minor"):
        lowest, highest = getattr(item, f"min_{name}"), getattr(item, f"max_{name}")
        if lowest is not None and highest is not None and lowest > highest:
            raise FeeLimitsInvalid(
                Bilingual(
                    f"min_{name} is {lowest} and max_{name} is {highest}; the first is at most the second",
                    f"min_{name} 为 {lowest}，max_{name} 为 {highest}；前者不得大于后者"),
                details={"fields": {f"max_{name}": [Bilingual(f"less than min_{name}", f"小于 min_{name}")]}},
            )


def check_line(item: FeeItem, quantity: int, limit_date: date | None) -> None:
    """Raises FeeQuantityRefused, FeeAmountRefused, LimitDateMissing."""
    if not _within(quantity, item.min_quantity, item.max_quantity):
        raise FeeQuantityRefused(
            Bilingual(
                f"quantity of {item.item_code!r} is {quantity}; "
                f"{_span(item.min_quantity, item.max_quantity)} is allowed",
                f"“{item.item_code}”的数量为 {quantity}；允许 {_span_zh(item.min_quantity, item.max_quantity)}"),
            details={
                "item_code": item.item_code, "min_quantity": item.min_quantity, "max_quantity": item.max_quantity,
            },
        )
    lowest, highest = item.min_amount_minor, item.max_amount_minor
    if not _within(item.price_minor * quantity, lowest or 1, highest):
        raise FeeAmountRefused(
            Bilingual(
                f"amount of {item.item_code!r} is {item.price_minor * quantity}; "
                f"{_span(lowest or 1, highest)} is allowed",
                f"“{item.item_code}”的金额为 {item.price_minor * quantity} 分；允许 {_span_zh(lowest or 1, highest)}"),
            details={"item_code": item.item_code, "min_amount_minor": lowest, "max_amount_minor": highest},
        )
    if item.late_fee_ppm and limit_date is None:
        raise LimitDateMissing(
            Bilingual(
                f"line of {item.item_code!r} has no limit_date; an item with a late fee needs one",
                f"“{item.item_code}”一行没有 limit_date；有滞纳金的项目必须填写"),
            details={"item_code": item.item_code},
        )


def _within(value: int, lowest: int, highest: int | None) -> bool:
    return lowest <= value and (highest is None or value <= highest)


def _span(lowest: int, highest: int | None) -> str:
    return f"{lowest} or more" if highest is None else f"{lowest} to {highest}"


def _span_zh(lowest: int, highest: int | None) -> str:
    return f"不小于 {lowest}" if highest is None else f"{lowest} 至 {highest}"
