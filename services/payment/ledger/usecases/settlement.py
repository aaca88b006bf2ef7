"""The settlement report of a business day, from the day after (T+1) on."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol, TypedDict

from services.payment.ledger.domain.ports import HasBooks
from services.payment.ledger.domain.settlement import UnitSettlement, settle
from services.payment.ledger.usecases.check_over import check_over
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

SUMS = ("paid_count", "paid_minor", "refund_count", "refunded_minor", "other_minor", "net_minor")


class SettlementSums(TypedDict):
    paid_count: int
    paid_minor: int
    refund_count: int
    refunded_minor: int
    other_minor: int
    net_minor: int


class UnitSettlementView(SettlementSums):
    collecting_unit: str


class SettlementView(SettlementSums):
    business_day: date
    currency: str
    final: bool
    units: list[UnitSettlementView]


@dataclass(frozen=True, slots=True)
class GetSettlement:
    business_day: date
    currency: str = "CNY"


class SettlementTx(HasBooks, HasClock, Protocol):
    """Ports that `get_settlement` uses."""


def get_settlement(tx: SettlementTx, command: GetSettlement, context: CallContext) -> SettlementView:
    """From the ledger's entries, so that it agrees with the books by construction."""
    tenant = context.tenant
    day, currency = command.business_day, command.currency
    check_over(tx, day)
    units = settle(tx.books.settlement_movements(tenant, currency, day))
    closed_through = tx.books.closed_through(tenant)
    return {
        "business_day": day,
        "currency": currency,
        "final": closed_through is not None and day <= closed_through,
        "units": [{"collecting_unit": unit.collecting_unit, **_sums([unit])} for unit in units],
        **_sums(units),
    }


def _sums(units: Sequence[UnitSettlement]) -> SettlementSums:
    return {
        "paid_count": sum(unit.paid_count for unit in units),
        "paid_minor": sum(unit.paid_minor for unit in units),
        "refund_count": sum(unit.refund_count for unit in units),
        "refunded_minor": sum(unit.refunded_minor for unit in units),
        "other_minor": sum(unit.other_minor for unit in units),
        "net_minor": sum(unit.net_minor for unit in units),
    }
