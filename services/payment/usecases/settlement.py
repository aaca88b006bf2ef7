"""The settlement report of a business day, from the day after (T+1) on."""
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from services.payment.domain.ports import PaymentUnit
from services.payment.domain.settlement import UnitSettlement, settle
from services.payment.usecases.books import check_over

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call

SUMS = ("paid_count", "paid_minor", "refund_count", "refunded_minor", "other_minor", "net_minor")


def get_settlement(unit: PaymentUnit, call: Call) -> Mapping[str, Any]:
    """From the ledger's entries, so that it agrees with the books by construction."""
    data, tenant = call.data, call.context.tenant
    day, currency = data["business_day"], data["currency"]
    check_over(unit, day)
    rows = [_row(each) for each in settle(unit.books.settlement_movements(tenant, currency, day))]
    closed_through = unit.books.closed_through(tenant)
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
