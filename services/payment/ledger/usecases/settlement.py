"""The settlement report of a business day, from the day after (T+1) on."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from services.payment.ledger.domain.ports import HasBooks
from services.payment.ledger.domain.settlement import UnitSettlement, settle
from services.payment.ledger.usecases.check_over import check_over
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

SUMS = ("paid_count", "paid_minor", "refund_count", "refunded_minor", "other_minor", "net_minor")


@dataclass(frozen=True, slots=True)
class GetSettlement:
    business_day: date
    currency: str = "CNY"


class SettlementTx(HasBooks, HasClock, Protocol):
    """Ports that `get_settlement` uses."""


def get_settlement(tx: SettlementTx, command: GetSettlement, context: CallContext) -> Mapping[str, Any]:
    """From the ledger's entries, so that it agrees with the books by construction."""
    tenant = context.tenant
    day, currency = command.business_day, command.currency
    check_over(tx, day)
    rows = [_row(each) for each in settle(tx.books.settlement_movements(tenant, currency, day))]
    closed_through = tx.books.closed_through(tenant)
    return {
        "business_day": day,
        "currency": currency,
        "final": closed_through is not None and day <= closed_through,
        "units": rows,
        **{name: sum(row[name] for row in rows) for name in SUMS},
    }


def _row(settlement: UnitSettlement) -> Mapping[str, Any]:
    sums = {name: getattr(settlement, name) for name in SUMS}
    return {"collecting_unit": settlement.collecting_unit, **sums}
