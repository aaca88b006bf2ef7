"""Look into what a reconciliation has left, and close what a person has settled."""
from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Protocol

from services.payment.reconciliation.domain.errors import DifferenceResolved, DifferenceUnknown
from services.payment.reconciliation.domain.ports import HasDifferences
from services.payment.reconciliation.domain.reconciliation import DIFFERENCE, OPEN, RESOLVED, Difference
from services.payment.reconciliation.usecases import views
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList, PageView
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

DIFFERENCES = PagedList[str]("payment.list_differences", str)


@dataclass(frozen=True, slots=True)
class ListDifferences:
    limit: int = DEFAULT_LIMIT
    after: str | None = None
    day: date | None = None
    channel: str | None = None
    class_: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class ResolveDifference:
    difference_id: str
    note: str


class ResolveDifferenceTx(HasClock, HasDifferences, Protocol):
    """Ports that `resolve_difference` uses."""


def list_differences(
    tx: HasDifferences, command: ListDifferences, context: CallContext
) -> PageView[views.DifferenceView]:
    page = DIFFERENCES.asked(command, context.tenant)
    found = tx.differences.page(
        context.tenant, day=command.day, channel=command.channel, class_=command.class_,
        state=command.state, after=page.after, limit=page.fetch,
    )
    return page.view(found, view=views.difference, key=lambda each: each.difference_id)


def resolve_difference(
    tx: ResolveDifferenceTx, command: ResolveDifference, context: CallContext
) -> views.DifferenceView:
    """Resolve it in the name of the person acted for, else of the caller."""
    tenant, difference_id, at = context.tenant, command.difference_id, tx.clock.now()
    difference = tx.differences.get(tenant, difference_id)
    if difference is None:
        raise DifferenceUnknown(Bilingual(
            f"difference {difference_id!r} does not exist; list_differences gives those that do",
            f"差异“{difference_id}”不存在；现有差异见 list_differences"))
    by = context.subject or context.caller
    if difference.state != OPEN or not tx.differences.resolve(difference, by=by, note=command.note, at=at):
        raise _resolved(difference)
    DIFFERENCE.move(difference.state, RESOLVED)
    return views.difference(
        replace(difference, state=RESOLVED, resolved_at=at, resolved_by=by, note=command.note)
    )


def _resolved(difference: Difference) -> DifferenceResolved:
    return DifferenceResolved(
        Bilingual(
            f"difference {difference.difference_id} was resolved by {difference.resolved_by}; only an open one can be",
            f"差异 {difference.difference_id} 已由 {difference.resolved_by} 处理；只有未处理的可以处理"),
        details={"resolved_by": difference.resolved_by},
    )
