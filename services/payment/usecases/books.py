"""Close business days, draw up statements of accounts."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from services.payment.common.domain.business_day import business_day, day_before
from services.payment.domain import books
from services.payment.domain.books import Closing
from services.payment.domain.books_errors import DayClosed, DayNotOver, PeriodInvalid
from services.payment.domain.ledger import Entry
from services.payment.domain.ports import HasBooks
from services.payment.usecases import views
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

LONGEST_PERIOD = timedelta(days=366)
ACCOUNT_ENTRIES = PagedList[tuple[date, str]]("payment.get_account_statement", date, str)


@dataclass(frozen=True, slots=True)
class CloseDay:
    business_day: date


@dataclass(frozen=True, slots=True)
class GetAccountStatement:
    account: str
    first_day: date
    last_day: date
    limit: int = DEFAULT_LIMIT
    after: str | None = None
    currency: str = "CNY"


class CloseDayTx(HasBooks, HasClock, Protocol):
    """Ports that `close` uses."""


def close_day(tx: CloseDayTx, command: CloseDay, context: CallContext) -> Mapping[str, Any]:
    return _view(close(tx, context.tenant, command.business_day, context.caller))


def close(tx: CloseDayTx, tenant: str, day: date, closed_by: str) -> Closing:
    """Freeze a day and all before it. Asked again for the same day, the same answer.

    Raises DayNotOver, DayClosed, BooksDiffer.
    """
    check_over(tx, day)
    closed_through = tx.books.lock(tenant)
    if closed_through is not None and day <= closed_through:
        return _earlier(tx, tenant, day, closed_through)
    closing = _closing(tx, tenant, day, closed_by)
    tx.books.store(closing)
    return closing


def check_over(tx: HasClock, day: date) -> None:
    """Raises DayNotOver."""
    newest = day_before(business_day(tx.clock.now()))
    if day > newest:
        raise DayNotOver(
            f"business_day is {day.isoformat()}, which ends at 24:00 in China (UTC+8); the newest one that is "
            f"over is {newest.isoformat()}",
            details={"business_day": newest.isoformat()},
        )


def _closing(tx: CloseDayTx, tenant: str, day: date, closed_by: str) -> Closing:
    last = tx.books.closing_up_to(tenant, day)
    since = None if last is None else last.day
    entries, moved = tx.books.movements(tenant, after=since, through=day)
    balances = books.add({} if last is None else last.balances, moved)
    _, later = tx.books.movements(tenant, after=day, through=None)
    books.check_rebuilt(books.add(balances, later), tx.books.running(tenant))
    return Closing(
        tenant=tenant, day=day, since=since, closed_at=tx.clock.now(), closed_by=closed_by, entries=entries,
        balances=balances,
    )


def _earlier(tx: HasBooks, tenant: str, day: date, closed_through: date) -> Closing:
    closing = tx.books.closing(tenant, day)
    if closing is None:
        raise DayClosed(
            f"business day {day.isoformat()} was closed with a later one; everything through "
            f"{closed_through.isoformat()} is closed",
            details={"closed_through": closed_through.isoformat()},
        )
    return closing


def get_account_statement(tx: HasBooks, command: GetAccountStatement, context: CallContext) -> Mapping[str, Any]:
    """Opening and closing balance are of the whole period, on every page."""
    tenant = context.tenant
    account, currency, first, last = command.account, command.currency, command.first_day, command.last_day
    _check_period(first, last)
    opening = _balance_at(tx, tenant, account, currency, day_before(first))
    entries, debit, credit = tx.books.account_movement(
        tenant, account, currency, after=day_before(first), through=last
    )
    page = ACCOUNT_ENTRIES.asked(command, tenant)
    found = tx.books.page(
        tenant, account, currency, first=first, last=last, after=page.after, limit=page.fetch
    )
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
        **page.reply(found, view=views.entry, key=_place),
    }


def _place(entry: Entry) -> tuple[date, str]:
    assert entry.business_day is not None  # every entry that was read has one
    return entry.business_day, entry.entry_id


def _check_period(first: date, last: date) -> None:
    """By the difference: near the calendar's ends there is no day to add one to."""
    if first == date.min or not timedelta(0) <= last - first <= LONGEST_PERIOD:
        raise PeriodInvalid(
            f"period is {first.isoformat()} to {last.isoformat()}; one that begins after {date.min.isoformat()} and "
            f"goes forward, of at most {LONGEST_PERIOD.days} days, is allowed"
        )


def _balance_at(tx: HasBooks, tenant: str, account: str, currency: str, day: date) -> int:
    """From the newest closing before it: as quick after ten years as on the first day."""
    closing = tx.books.closing_up_to(tenant, day)
    known = None if closing is None else closing.balances.get((account, currency))
    _, debit, credit = tx.books.account_movement(
        tenant, account, currency, after=None if closing is None else closing.day, through=day
    )
    return (0 if known is None else known.balance_minor) + debit - credit


def _view(closing: Closing) -> Mapping[str, Any]:
    return {
        "business_day": closing.day,
        "since": closing.since,
        "closed_at": closing.closed_at,
        "closed_by": closing.closed_by,
        "entry_count": closing.entries,
        "balances": [
            {**views.balance(balance), "currency": currency}
            for (_, currency), balance in sorted(closing.balances.items())
        ],
    }
