"""Days of the books: which are closed, what an account stood at, what a day's end was.

A closed day is frozen: an entry posted afterwards is dated into the next open day, whatever its clock time.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from services.payment.common.domain.business_day import business_day, next_day
from services.payment.ledger.domain.errors import BooksDiffer
from services.payment.ledger.domain.ledger import Balance, Entry
from shared_components.kernel.bilingual import Bilingual

Balances = Mapping[tuple[str, str], Balance]
"""(account, currency) → the sums of what was posted to it."""
MOST_DAYS_AT_ONCE = 31


@dataclass(frozen=True, slots=True)
class Closing:
    """The end of a business day. balances: of all that was posted up to and with it; entries: posted in that period.

    since: the day closed before it; None for the first. A closing covers all days after that one.
    """

    tenant: str
    day: date
    since: date | None
    closed_at: datetime
    closed_by: str
    entries: int
    balances: Balances


def dated(entries: Iterable[Entry], closed_through: Mapping[str, date | None]) -> list[Entry]:
    """The entries with their business days. closed_through: tenant → its last closed day."""
    return [replace(entry, business_day=_open_day(entry, closed_through.get(entry.tenant))) for entry in entries]


def _open_day(entry: Entry, closed_through: date | None) -> date:
    day = entry.business_day or business_day(entry.posted_at)
    return day if closed_through is None or day > closed_through else next_day(closed_through)


def days_due(closed_through: date | None, due: date) -> list[date]:
    """Which days to close, oldest first, so that `due` is closed.

    Each has its own balances, but books that were never closed begin with `due`, and of a gap longer than
    MOST_DAYS_AT_ONCE the older days are closed with the first of the rest: to close a day is to add up all after it.
    """
    if closed_through is None:
        return [due]
    count = min((due - closed_through).days, MOST_DAYS_AT_ONCE)
    return [due - timedelta(days=back) for back in reversed(range(count))]


def sums_of(entries: Iterable[Entry]) -> dict[tuple[str, str], Balance]:
    """Add up the entries of one tenant, by account and currency."""
    found: dict[tuple[str, str], Balance] = {}
    for entry in entries:
        amount = entry.amount_minor
        found = add(found, {
            (entry.debit_account, entry.currency): Balance(entry.debit_account, amount, 0),
            (entry.credit_account, entry.currency): Balance(entry.credit_account, 0, amount),
        })
    return found


def add(one: Balances, other: Balances) -> dict[tuple[str, str], Balance]:
    sums = dict(one)
    for key, more in other.items():
        was = sums.get(key, Balance(key[0], 0, 0))
        sums[key] = Balance(key[0], was.debit_minor + more.debit_minor, was.credit_minor + more.credit_minor)
    return sums


def check_rebuilt(rebuilt: Balances, stored: Balances) -> None:
    """Raises BooksDiffer when the balances that are kept are not the sums of the entries, or do not balance."""
    differing = sorted({key[0] for key in {**rebuilt, **stored} if rebuilt.get(key) != stored.get(key)})
    if differing:
        raise BooksDiffer(
            Bilingual(
                f"{len(differing)} accounts stand elsewhere than their entries add up to; no day is "
                "closed on such books",
                f"{len(differing)} 个账户的余额与其分录合计不符；账目不符时不能关账"),
            details={"accounts": differing[:20]},
        )
    for currency in sorted({key[1] for key in rebuilt}):
        check_balanced([balance for key, balance in rebuilt.items() if key[1] == currency], currency)


def check_balanced(balances: Sequence[Balance], currency: str) -> None:
    if sum(balance.balance_minor for balance in balances) != 0:
        raise BooksDiffer(
            Bilingual(
                f"debits and credits in {currency} differ; no day is closed on such books",
                f"{currency} 的借贷不平；账目不符时不能关账"), details={"currency": currency}
        )
