"""Record what channels pay out, and see to it that no fee is counted twice (docs/adr/019)."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol, TypedDict

from services.payment.channels.domain.ports import HasChannels
from services.payment.channels.usecases.check_channel import check_channel
from services.payment.ledger.domain.ledger import Entry
from services.payment.ledger.domain.ports import HasBooks, HasLedger
from services.payment.ledger.usecases import views
from services.payment.ledger.usecases.check_over import check_over
from services.payment.reconciliation.domain.channel_fees import kept_minor
from services.payment.reconciliation.domain.errors import PayoutDiffers, PayoutFeeDiffers
from services.payment.reconciliation.domain.payouts import Payout, entries_of
from services.payment.reconciliation.domain.ports import HasStatements
from services.payment.reconciliation.domain.statement import Statement
from services.payment.reconciliation.usecases.channel_fees import paid_out_fees, stated_fees
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class PayoutView(TypedDict):
    channel: str
    business_day: date
    fee_minor: int
    entries: list[views.EntryView]


@dataclass(frozen=True, slots=True)
class RecordPayout:
    channel: str
    business_day: date
    paid_minor: int
    fee_minor: int | None = None
    currency: str = "CNY"


class RecordPayoutTx(HasBooks, HasChannels, HasClock, HasLedger, HasStatements, Protocol):
    """Ports that `record_payout` uses."""


def record_payout(tx: RecordPayoutTx, command: RecordPayout, context: CallContext) -> PayoutView:
    """Once for a channel, day and currency; told again, it changes nothing.

    Raises ChannelUnknown, DayNotOver, PayoutDiffers, PayoutFeeDiffers.
    """
    tenant = context.tenant
    check_channel(tx.channels, command.channel)
    check_over(tx, command.business_day)
    payout = Payout(
        tenant=tenant, channel=command.channel, day=command.business_day, paid_minor=command.paid_minor,
        fee_minor=command.fee_minor, currency=command.currency,
    )
    tx.books.lock(tenant)  # two tellers of one payout come one after the other
    known = tx.books.with_sources(tenant, [payout.source])
    if known:
        _check_same(tx, payout, known[0])
    else:
        stated = _check_stated(tx, payout)
        tx.ledger.post(entries_of(payout, tx.clock.now(), with_fee=not stated))
    return _view(tx, payout)


def _check_same(tx: HasBooks, payout: Payout, known: Entry) -> None:
    """Raises PayoutDiffers. The fee may be told as it was told then, or as the books have it by now."""
    told = kept_minor(payout.fees, paid_out_fees(tx, payout.fees))
    kept = told + kept_minor(payout.fees, stated_fees(tx, payout.fees))
    if payout.paid_minor != known.amount_minor or payout.fee_minor not in (None, told, kept):
        raise PayoutDiffers(
            Bilingual(
                f"channel {payout.channel!r} has paid out {known.amount_minor} and kept {kept} for "
                f"{payout.day.isoformat()}; only the same payout can be told again",
                f"渠道“{payout.channel}”已登记 {payout.day.isoformat()} 划款 {known.amount_minor} 分、手续费 {kept} "
                "分；只能重复登记相同的划款"),
            details={"paid_minor": known.amount_minor, "fee_minor": kept},
        )


def _check_stated(tx: RecordPayoutTx, payout: Payout) -> bool:
    """Whether the day's fees are on the books by its statement. Raises PayoutFeeDiffers when they are others."""
    stated = stated_fees(tx, payout.fees)
    statement = tx.statements.complete(payout.tenant, payout.channel, payout.day)
    if not stated and (statement is None or not _states_fees(statement, payout.currency)):
        return False
    kept = kept_minor(payout.fees, stated)
    if payout.fee_minor not in (None, kept):
        raise PayoutFeeDiffers(
            Bilingual(
                f"fee_minor is {payout.fee_minor}; channel {payout.channel!r} has kept {kept} for "
                f"{payout.day.isoformat()} "
                "by its statement: that, or no fee_minor, is allowed, or another statement in its place",
                f"fee_minor 为 {payout.fee_minor}；按对账单，渠道“{payout.channel}”{payout.day.isoformat()} "
                f"的手续费为 {kept} 分，请填此数或不填，或以另一份对账单替代"),
            details={"fee_minor": kept},
        )
    return True


def _states_fees(statement: Statement, currency: str) -> bool:
    """Whether it was reconciled and has fees in this currency."""
    if statement.currency != currency or statement.summary is None:
        return False
    return statement.summary.get("fees_minor") is not None  # summaries of before there were fees say nothing of them


def _view(tx: HasBooks, payout: Payout) -> PayoutView:
    entries = tx.books.with_sources(payout.tenant, [payout.source, payout.fees.payout_source])
    kept = kept_minor(payout.fees, [*stated_fees(tx, payout.fees), *paid_out_fees(tx, payout.fees)])
    return {
        "channel": payout.channel, "business_day": payout.day, "fee_minor": kept,
        "entries": [views.entry(entry) for entry in entries],
    }
