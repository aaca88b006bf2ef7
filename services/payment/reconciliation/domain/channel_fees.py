"""Channel fees (手续费) by day: on the books once, whichever source tells of them (docs/adr/019)."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from services.payment.ledger.domain import ledger
from services.payment.ledger.domain.ledger import Entry
from shared_components.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class FeeDay:
    """A channel's fees on the trades of a day, in one currency."""

    tenant: str
    channel: str
    day: date
    currency: str

    @property
    def key(self) -> str:
        return f"{self.channel}/{self.day.isoformat()}/{self.currency}"

    @property
    def payout_source(self) -> str:
        return f"payout-fee/{self.key}"

    def statement_source(self, number: int) -> str:
        """number: from 1, the first entry; what follows are corrections of it."""
        source = f"channel-fees/{self.key}"
        return source if number == 1 else f"{source}/{number}"


def kept_minor(fees: FeeDay, entries: Iterable[Entry]) -> int:
    """Add up the channel's fees in these entries, less those that it has given back."""
    account = ledger.channel_fees(fees.channel)
    return sum(each.amount_minor if each.debit_account == account else -each.amount_minor for each in entries)


def entry_of(fees: FeeDay, amount_minor: int, number: int, at: datetime) -> Entry:
    """amount_minor: not 0; below 0 it is the reverse entry. Dated into the day of the trades while that is open."""
    accounts = ledger.channel_fees(fees.channel), ledger.channel_clearing(fees.channel)
    debit, credit = accounts if amount_minor > 0 else reversed(accounts)
    return Entry(
        entry_id=new_id("led"), tenant=fees.tenant, source=fees.statement_source(number), debit_account=debit,
        credit_account=credit, amount_minor=abs(amount_minor), currency=fees.currency, order_id="", refund_id=None,
        posted_at=at, business_day=fees.day,
    )
