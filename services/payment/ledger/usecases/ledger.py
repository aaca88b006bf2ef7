"""Look into the books."""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from services.payment.ledger.domain.ports import HasLedger
from services.payment.ledger.usecases import views
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList, PageView

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

ENTRIES = PagedList[str]("payment.list_entries", str)


class TrialBalanceView(TypedDict):
    currency: str
    accounts: list[views.BalanceView]
    total_debit_minor: int
    total_credit_minor: int
    balanced: bool


@dataclass(frozen=True, slots=True)
class GetTrialBalance:
    currency: str = "CNY"


@dataclass(frozen=True, slots=True)
class ListEntries:
    limit: int = DEFAULT_LIMIT
    after: str | None = None
    currency: str = "CNY"
    account: str | None = None
    order_id: str | None = None


def trial_balance(tx: HasLedger, command: GetTrialBalance, context: CallContext) -> TrialBalanceView:
    """From the stored balances: as quick after ten years as on the first day."""
    currency = command.currency
    balances = tx.ledger.balances(context.tenant, currency)
    total_debit = sum(balance.debit_minor for balance in balances)
    total_credit = sum(balance.credit_minor for balance in balances)
    return {
        "currency": currency,
        "accounts": [views.balance(balance) for balance in balances],
        "total_debit_minor": total_debit,
        "total_credit_minor": total_credit,
        "balanced": total_debit == total_credit,
    }


def list_entries(tx: HasLedger, command: ListEntries, context: CallContext) -> PageView[views.EntryView]:
    page = ENTRIES.asked(command, context.tenant)
    found = tx.ledger.page(
        context.tenant, currency=command.currency, account=command.account, order_id=command.order_id,
        after=page.after, limit=page.fetch,
    )
    return page.view(found, view=views.entry, key=lambda entry: entry.entry_id)
