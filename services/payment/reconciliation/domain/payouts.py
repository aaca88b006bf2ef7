"""A channel pays out what it has taken, less its fee, into 财政专户."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from services.payment.ledger.domain import ledger
from services.payment.ledger.domain.ledger import Entry
from services.payment.reconciliation.domain.channel_fees import FeeDay
from shared_components.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Payout:
    """One payout of a channel and day. day: the one whose money it is, as the channel names it.

    fee_minor: None where the payout does not say; the day's statement does then.
    """

    tenant: str
    channel: str
    day: date
    paid_minor: int
    fee_minor: int | None
    currency: str

    @property
    def fees(self) -> FeeDay:
        return FeeDay(self.tenant, self.channel, self.day, self.currency)

    @property
    def source(self) -> str:
        return f"payout/{self.fees.key}"


def entries_of(payout: Payout, at: datetime, *, with_fee: bool) -> list[Entry]:
    """At most two: money that arrived, and what the channel kept, unless that is on the books already."""
    moves = [(payout.source, ledger.FISCAL_ACCOUNT, payout.paid_minor)]
    if with_fee and payout.fee_minor:
        moves.append((payout.fees.payout_source, ledger.channel_fees(payout.channel), payout.fee_minor))
    return [
        Entry(
            entry_id=new_id("led"), tenant=payout.tenant, source=source, debit_account=debit,
            credit_account=ledger.channel_clearing(payout.channel), amount_minor=amount, currency=payout.currency,
            order_id="", refund_id=None, posted_at=at,
        )
        for source, debit, amount in moves
    ]
