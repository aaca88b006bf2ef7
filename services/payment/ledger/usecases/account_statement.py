"""Draw up the statement of an account."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypedDict

from services.payment.common.domain.business_day import day_before
from services.payment.ledger.domain.errors import PeriodInvalid
from services.payment.ledger.domain.ledger import Entry
from services.payment.ledger.domain.ports import HasBooks
from services.payment.ledger.usecases import views
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

LONGEST_PERIOD = timedelta(days=366)
ACCOUNT_ENTRIES = PagedList[tuple[date, str]]("payment.get_account_statement", date, str)


class AccountStatementView(TypedDict):
    account: str
    currency: str
    first_day: date
    last_day: date
    opening_balance_minor: int
    debit_minor: int
    credit_minor: int
    closing_balance_minor: int
    entry_count: int
    final: bool
    items: Sequence[views.EntryView]
    next: str | None


@dataclass(frozen=True, slots=True)
class GetAccountStatement:
    account: str
    first_day: date
    last_day: date
    limit: int = DEFAULT_LIMIT
    after: str | None = None
    currency: str = "CNY"


def get_account_statement(tx: HasBooks, command: GetAccountStatement, context: CallContext) -> AccountStatementView:
    """Opening and closing balance are of the whole period, on every page."""
    tenant = context.tenant
    account, currency, first, last = command.account, command.currency, command.first_day, command.last_day
    _check_period(first, last)
    opening = _balance_at(tx, tenant, account, currency, day_before(first))
    entries, debit, credit = tx.books.account_movement(
        tenant, account, currency, after=day_before(first), through=last
    )
    asked = ACCOUNT_ENTRIES.asked(command, tenant)
    found = tx.books.page(
        tenant, account, currency, first=first, last=last, after=asked.after, limit=asked.fetch
    )
    page = asked.view(found, view=views.entry, key=_place)
    closed_through = tx.books.closed_through(tenant)
    return {
        "account": account,
        "currency": currency,
        "first_day": first,
        "last_day": last,
        "opening_balance_minor": opening,
        "debit_minor": debit,
        "credit_minor": credit,
        "closing_balance_minor": opening + debit - credit,
        "entry_count": entries,
        "final": closed_through is not None and last <= closed_through,
        "items": page.items,
        "next": page.next,
    }


def _place(entry: Entry) -> tuple[date, str]:
    assert entry.business_day is not None  # every entry that was read has one
    return entry.business_day, entry.entry_id


def _check_period(first: date, last: date) -> None:
    """By the difference: near the calendar's ends there is no day to add one to."""
    if first == date.min or not timedelta(0) <= last - first <= LONGEST_PERIOD:
        raise PeriodInvalid(
            Bilingual(
                f"period is {first.isoformat()} to {last.isoformat()}; one that begins after "
                f"{date.min.isoformat()} and "
                f"goes forward, of at most {LONGEST_PERIOD.days} days, is allowed",
                f"期间为 {first.isoformat()} 至 {last.isoformat()}；须晚于 {date.min.isoformat()} 开始，"
                f"止日不早于起日，至多 {LONGEST_PERIOD.days} 天")
        )


def _balance_at(tx: HasBooks, tenant: str, account: str, currency: str, day: date) -> int:
    """From the newest closing before it: as quick after ten years as on the first day."""
    closing = tx.books.closing_up_to(tenant, day)
    known = None if closing is None else closing.balances.get((account, currency))
    _, debit, credit = tx.books.account_movement(
        tenant, account, currency, after=None if closing is None else closing.day, through=day
    )
    return (0 if known is None else known.balance_minor) + debit - credit
