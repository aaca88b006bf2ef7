"""The amount that a collecting unit is owed for a business day (T+1): payments less promised refunds."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

ORDER_PAID, REFUND_PROMISED, REFUND_WITHDRAWN, OTHER = "order-paid", "refund-promised", "refund-withdrawn", "other"
KINDS = (ORDER_PAID, REFUND_PROMISED, REFUND_WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Movement:
    """Entries of one kind on one unit's account in one day; amount_minor: credits less debits."""

    collecting_unit: str
    kind: str
    count: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class UnitSettlement:
    """refunded_minor: promised to payers on that day and not withdrawn since the channel refused them.

    other_minor: corrections that are neither; net_minor: what goes to the unit, negative when more went back.
    """

    collecting_unit: str
    paid_count: int = 0
    paid_minor: int = 0
    refund_count: int = 0
    refunded_minor: int = 0
    other_minor: int = 0

    @property
    def net_minor(self) -> int:
        return self.paid_minor - self.refunded_minor + self.other_minor


def settle(movements: Iterable[Movement]) -> list[UnitSettlement]:
    """By collecting unit."""
    units: dict[str, UnitSettlement] = {}
    for movement in movements:
        known = units.get(movement.collecting_unit, UnitSettlement(movement.collecting_unit))
        units[movement.collecting_unit] = _with(known, movement)
    return [units[name] for name in sorted(units)]


def _with(unit: UnitSettlement, movement: Movement) -> UnitSettlement:
    count, amount = movement.count, movement.amount_minor
    if movement.kind == ORDER_PAID:
        return replace(unit, paid_count=unit.paid_count + count, paid_minor=unit.paid_minor + amount)
    if movement.kind == REFUND_PROMISED:
        return replace(unit, refund_count=unit.refund_count + count, refunded_minor=unit.refunded_minor - amount)
    if movement.kind == REFUND_WITHDRAWN:
        return replace(unit, refund_count=unit.refund_count - count, refunded_minor=unit.refunded_minor - amount)
    return replace(unit, other_minor=unit.other_minor + amount)
