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

from services.payment.domain.order import Order
from services.payment.domain.refund import FROM_SUSPENSE, Refund
from shared_components.kernel.ids import new_id

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


def order_paid(order: Order, channel: str, at: datetime) -> Entry:
    return _entry(
        f"order-paid/{order.order_id}", channel_clearing(channel), fiscal_payable(order.collecting_unit),
        order, order.amount_minor, at,
    )


def late_money(order: Order, channel: str, trade_no: str, amount_minor: int, at: datetime) -> Entry:
    return _entry(f"late-money/{channel}/{trade_no}", channel_clearing(channel), SUSPENSE, order, amount_minor, at)


def refund_promised(order: Order, refund: Refund, at: datetime) -> Entry:
    return _refund_entry("refund-promised", _owner_account(order, refund), REFUNDS_PAYABLE, order, refund, at)


def refund_done(order: Order, refund: Refund, at: datetime) -> Entry:
    return _refund_entry("refund-done", REFUNDS_PAYABLE, channel_clearing(refund.channel), order, refund, at)


def refund_withdrawn(order: Order, refund: Refund, at: datetime) -> Entry:
    """The channel refused for good: what was promised goes back to where it came from."""
    return _refund_entry("refund-withdrawn", REFUNDS_PAYABLE, _owner_account(order, refund), order, refund, at)


def balances(entries: Iterable[Entry]) -> dict[tuple[str, str, str], Balance]:
    """(tenant, account, currency) → the sums of these entries."""
    sums: dict[tuple[str, str, str], list[int]] = {}
    for entry in entries:
        sums.setdefault((entry.tenant, entry.debit_account, entry.currency), [0, 0])[0] += entry.amount_minor
        sums.setdefault((entry.tenant, entry.credit_account, entry.currency), [0, 0])[1] += entry.amount_minor
    return {key: Balance(key[1], debit, credit) for key, (debit, credit) in sums.items()}


def _owner_account(order: Order, refund: Refund) -> str:
    return SUSPENSE if refund.kind == FROM_SUSPENSE else fiscal_payable(order.collecting_unit)


def _refund_entry(what: str, debit: str, credit: str, order: Order, refund: Refund, at: datetime) -> Entry:
    source = f"{what}/{refund.refund_id}"
    return _entry(source, debit, credit, order, refund.amount_minor, at, refund_id=refund.refund_id)


def _entry(
    source: str, debit: str, credit: str, order: Order, amount_minor: int, at: datetime, refund_id: str | None = None
) -> Entry:
    return Entry(
        entry_id=new_id("led"),
        tenant=order.tenant,
        source=source,
        debit_account=debit,
        credit_account=credit,
        amount_minor=amount_minor,
        currency=order.currency,
        order_id=order.order_id,
        refund_id=refund_id,
        posted_at=at,
    )
