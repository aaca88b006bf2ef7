"""A channel pays out what it has taken, less its fee, into 财政专户."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from services.payment.domain import ledger
from services.payment.domain.ledger import Entry
from shared_components.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Payout:
    """One payout of a channel and day. day: the one whose money it is, as the channel names it."""

    tenant: str
    channel: str
    day: date
    paid_minor: int
    fee_minor: int
    currency: str

    @property
    def sources(self) -> tuple[str, str]:
        key = f"{self.channel}/{self.day.isoformat()}/{self.currency}"
        return f"payout/{key}", f"payout-fee/{key}"


def entries_of(payout: Payout, at: datetime) -> list[Entry]:
    """At most two: money that arrived, and what the channel kept."""
    debits = (ledger.FISCAL_ACCOUNT, ledger.channel_fees(payout.channel))
    amounts = (payout.paid_minor, payout.fee_minor)
    return [
        Entry(
            entry_id=new_id("led"), tenant=payout.tenant, source=source, debit_account=debit,
            credit_account=ledger.channel_clearing(payout.channel), amount_minor=amount, currency=payout.currency,
            order_id="", refund_id=None, posted_at=at,
        )
        for source, debit, amount in zip(payout.sources, debits, amounts, strict=True) if amount
    ]
