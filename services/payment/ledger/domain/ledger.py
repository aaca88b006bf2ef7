"""Double entry: every posting takes from one account and gives to another, so that the books balance by construction.

An entry is one debit and one credit of the same amount. Entries are only ever added; a mistake is put right
by another entry. Accounts are per tenant and currency, and their names say what they stand for:

channel-clearing/<channel>      money the channel has taken and not yet paid out to us (an asset)
fiscal-account                  money that channels have paid out into 财政专户 (an asset)
channel-fees/<channel>          what the channel has kept of it for its service (an expense)
fiscal-payable/<unit>           money owed to 财政专户 on behalf of the collecting unit
refunds-payable                 money promised back to payers and not yet given back
suspense                        money that pays no order: too late, or twice
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

REFUNDS_PAYABLE = "refunds-payable"
SUSPENSE = "suspense"
FISCAL_ACCOUNT = "fiscal-account"


def channel_clearing(channel: str) -> str:
    return f"channel-clearing/{channel}"


def channel_fees(channel: str) -> str:
    return f"channel-fees/{channel}"


def fiscal_payable(collecting_unit: str) -> str:
    return f"fiscal-payable/{collecting_unit}"


@dataclass(frozen=True, slots=True)
class Entry:
    """source: what it records, once per tenant (`order-paid/pay_…`): the guard against posting twice.

    order_id: empty for what is of no single order. business_day: given when it is posted (domain/books.py).
    """

    entry_id: str
    tenant: str
    source: str
    debit_account: str
    credit_account: str
    amount_minor: int
    currency: str
    order_id: str
    refund_id: str | None
    posted_at: datetime
    business_day: date | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """The sums of all that was posted to an account; balance_minor > 0 is a debit balance."""

    account: str
    debit_minor: int
    credit_minor: int

    @property
    def balance_minor(self) -> int:
        return self.debit_minor - self.credit_minor


def balances(entries: Iterable[Entry]) -> dict[tuple[str, str, str], Balance]:
    """(tenant, account, currency) → the sums of these entries."""
    sums: dict[tuple[str, str, str], list[int]] = {}
    for entry in entries:
        sums.setdefault((entry.tenant, entry.debit_account, entry.currency), [0, 0])[0] += entry.amount_minor
        sums.setdefault((entry.tenant, entry.credit_account, entry.currency), [0, 0])[1] += entry.amount_minor
    return {key: Balance(key[1], debit, credit) for key, (debit, credit) in sums.items()}
