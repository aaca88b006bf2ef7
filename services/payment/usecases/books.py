"""Close business days, draw up statements of accounts."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from services.payment.domain import books
from services.payment.domain.books import Closing
from services.payment.domain.books_errors import DayClosed, DayNotOver, PeriodInvalid
from services.payment.domain.business_day import business_day, day_before
from services.payment.domain.ledger import Entry
from services.payment.domain.ports import PaymentUnit
from services.payment.usecases import views
from shared_components.kernel.paging import PagedList

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call

LONGEST_PERIOD = timedelta(days=366)
ACCOUNT_ENTRIES = PagedList[tuple[date, str]]("payment.get_account_statement", date, str)


def close_day(unit: PaymentUnit, call: Call) -> Mapping[str, Any]:
    return _view(close(unit, call.context.tenant, call.data["business_day"], call.context.caller))


def close(unit: PaymentUnit, tenant: str, day: date, closed_by: str) -> Closing:
    """Freeze a day and all before it. Asked again for the same day, the same answer.

    Raises DayNotOver, DayClosed, BooksDiffer.
    """
    check_over(unit, day)
    closed_through = unit.books.lock(tenant)
    if closed_through is not None and day <= closed_through:
        return _earlier(unit, tenant, day, closed_through)
    closing = _closing(unit, tenant, day, closed_by)
    unit.books.store(closing)
    return closing


def check_over(unit: PaymentUnit, day: date) -> None:
    """Raises DayNotOver."""
    newest = day_before(business_day(unit.clock.now()))
    if day > newest:
        raise DayNotOver(
            f"business_day is {day.isoformat()}, which ends at 24:00 in China (UTC+8); the newest one that is "
            f"over is {newest.isoformat()}",
            details={"business_day": newest.isoformat()},
        )


def _closing(unit: PaymentUnit, tenant: str, day: date, closed_by: str) -> Closing:
    last = unit.books.closing_up_to(tenant, day)
    since = None if last is None else last.day
    entries, moved = unit.books.movements(tenant, after=since, through=day)
    balances = books.add({} if last is None else last.balances, moved)
    _, later = unit.books.movements(tenant, after=day, through=None)
    books.check_rebuilt(books.add(balances, later), unit.books.running(tenant))
    return Closing(
        tenant=tenant, day=day, since=since, closed_at=unit.clock.now(), closed_by=closed_by, entries=entries,
        balances=balances,
    )


def _earlier(unit: PaymentUnit, tenant: str, day: date, closed_through: date) -> Closing:
    closing = unit.books.closing(tenant, day)
    if closing is None:
        raise DayClosed(
            f"business day {day.isoformat()} was closed with a later one; everything through "
            f"{closed_through.isoformat()} is closed",
            details={"closed_through": closed_through.isoformat()},
        )
    return closing


def get_account_statement(unit: PaymentUnit, call: Call) -> Mapping[str, Any]:
    """Opening and closing balance are of the whole period, on every page."""
    data, tenant = call.data, call.context.tenant
    account, currency, first, last = data["account"], data["currency"], data["first_day"], data["last_day"]
    _check_period(first, last)
    opening = _balance_at(unit, tenant, account, currency, day_before(first))
    entries, debit, credit = unit.books.account_movement(
        tenant, account, currency, after=day_before(first), through=last
    )
    page = ACCOUNT_ENTRIES.asked(data, tenant)
    found = unit.books.page(
        tenant, account, currency, first=first, last=last, after=page.after, limit=page.fetch
    )
    closed_through = unit.books.closed_through(tenant)
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


def _balance_at(unit: PaymentUnit, tenant: str, account: str, currency: str, day: date) -> int:
    """From the newest closing before it: as quick after ten years as on the first day."""
    closing = unit.books.closing_up_to(tenant, day)
    known = None if closing is None else closing.balances.get((account, currency))
    _, debit, credit = unit.books.account_movement(
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
