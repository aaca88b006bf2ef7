"""Look into the books."""
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from services.payment.domain.ports import PaymentUnit
from services.payment.usecases import views
from shared_components.kernel.paging import PagedList

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call

ENTRIES = PagedList[str]("payment.list_entries", str)


def trial_balance(unit: PaymentUnit, call: Call) -> Mapping[str, Any]:
    """From the stored balances: as quick after ten years as on the first day."""
    currency = call.data["currency"]
    balances = unit.ledger.balances(call.context.tenant, currency)
    total_debit = sum(balance.debit_minor for balance in balances)
    total_credit = sum(balance.credit_minor for balance in balances)
    return {
        "currency": currency,
        "accounts": [views.balance(balance) for balance in balances],
        "total_debit_minor": total_debit,
        "total_credit_minor": total_credit,
        "balanced": total_debit == total_credit,
    }


def list_entries(unit: PaymentUnit, call: Call) -> Mapping[str, Any]:
    data = call.data
    page = ENTRIES.asked(data, call.context.tenant)
    found = unit.ledger.page(
        call.context.tenant, currency=data["currency"], account=data.get("account"), order_id=data.get("order_id"),
        after=page.after, limit=page.fetch,
    )
    return page.reply(found, view=views.entry, key=lambda entry: entry.entry_id)
