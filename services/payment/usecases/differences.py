"""Look into what a reconciliation has left, and close what a person has settled."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from services.payment.domain.errors import DifferenceResolved, DifferenceUnknown
from services.payment.domain.ports import PaymentUnit
from services.payment.domain.reconciliation import DIFFERENCE, OPEN, RESOLVED, Difference
from services.payment.usecases import reconciliation_views as views
from shared_components.kernel.paging import PagedList

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call

DIFFERENCES = PagedList[str]("payment.list_differences", str)


def list_differences(unit: PaymentUnit, call: Call) -> Mapping[str, Any]:
    data = call.data
    page = DIFFERENCES.asked(data, call.context.tenant)
    found = unit.differences.page(
        call.context.tenant, day=data.get("date"), channel=data.get("channel"), class_=data.get("class_"),
        state=data.get("state"), after=page.after, limit=page.fetch,
    )
    return page.reply(found, view=views.difference, key=lambda each: each.difference_id)


def resolve_difference(unit: PaymentUnit, call: Call) -> Mapping[str, Any]:
    """Who: the person acted for, else the caller."""
    tenant, difference_id, at = call.context.tenant, call.data["difference_id"], unit.clock.now()
    difference = unit.differences.get(tenant, difference_id)
    if difference is None:
        raise DifferenceUnknown(f"difference {difference_id!r} does not exist; list_differences gives those that do")
    by = call.context.subject or call.context.caller
    if difference.state != OPEN or not unit.differences.resolve(difference, by=by, note=call.data["note"], at=at):
        raise _resolved(difference)
    DIFFERENCE.move(difference.state, RESOLVED)
    return views.difference(
        replace(difference, state=RESOLVED, resolved_at=at, resolved_by=by, note=call.data["note"])
    )


def _resolved(difference: Difference) -> DifferenceResolved:
    return DifferenceResolved(
        f"difference {difference.difference_id} was resolved by {difference.resolved_by}; only an open one can be",
        details={"resolved_by": difference.resolved_by},
    )
