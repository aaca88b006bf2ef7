"""Close a business day."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol, TypedDict

from services.payment.ledger.domain import books
from services.payment.ledger.domain.books import Closing
from services.payment.ledger.domain.errors import DayClosed
from services.payment.ledger.domain.ports import HasBooks
from services.payment.ledger.usecases import views
from services.payment.ledger.usecases.check_over import check_over
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class DayBalanceView(views.BalanceView):
    currency: str


class ClosedDayView(TypedDict):
    business_day: date
    since: date | None
    closed_at: datetime
    closed_by: str
    entry_count: int
    balances: list[DayBalanceView]


@dataclass(frozen=True, slots=True)
class CloseDay:
    business_day: date


class CloseDayTx(HasBooks, HasClock, Protocol):
    """Ports that `close` uses."""


def close_day(tx: CloseDayTx, command: CloseDay, context: CallContext) -> ClosedDayView:
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
            Bilingual(
                f"business day {day.isoformat()} was closed with a later one; everything through "
                f"{closed_through.isoformat()} is closed",
                f"营业日 {day.isoformat()} 已随后续日期关账；{closed_through.isoformat()} 及以前均已关账"),
            details={"closed_through": closed_through.isoformat()},
        )
    return closing


def _view(closing: Closing) -> ClosedDayView:
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
