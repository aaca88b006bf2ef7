"""Show mandates to their two sides."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.identity.mandates.domain.ports import FindsPersons, ListFilter
from services.identity.mandates.usecases import views
from services.identity.mandates.usecases.answer import ByMandate
from services.identity.mandates.usecases.lookups import reader_key, seen_mandate
from shared_components.kernel.errors import AppError
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList, PageView

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call, CallContext

GIVEN, RECEIVED = "given", "received"
MANDATES = PagedList[str]("identity.list_mandates", str)
CHANGES = PagedList[int]("identity.list_mandate_changes", int)


class ReadMandatesTx(FindsPersons, Protocol):
    """The transaction of reading mandates."""


@dataclass(frozen=True, slots=True)
class ListMandates:
    """direction: given by the acting subject, or received. state: None is any."""

    direction: str
    state: str | None = None
    limit: int = DEFAULT_LIMIT
    after: str | None = None


@dataclass(frozen=True, slots=True)
class ListMandateChanges:
    mandate_id: str
    limit: int = DEFAULT_LIMIT
    after: str | None = None


def get_mandates(tx: ReadMandatesTx, calls: Sequence[Call[ByMandate]]) -> list[views.MandateView | AppError]:
    """Give each call its mandate, or MandateNotFound."""
    found = tx.mandates.read([
        (call.context, call.data.mandate_id, reader_key(tx, call.context)) for call in calls])
    return [
        each if isinstance(each, AppError) else views.mandate(each, call.context.locale)
        for call, each in zip(calls, found, strict=True)]


def list_mandates(tx: ReadMandatesTx, command: ListMandates, context: CallContext) -> PageView[views.MandateView]:
    """Mandates that the acting subject has given or received, newest first."""
    page = MANDATES.asked(command, context.citizen)
    wanted = ListFilter(command.direction == GIVEN, command.state, page.after, page.fetch)
    found = tx.mandates.page(context, reader_key(tx, context), wanted)
    return page.view(found, view=lambda it: views.mandate(it, context.locale), key=lambda it: it.mandate_id)


def list_mandate_changes(
    tx: ReadMandatesTx, command: ListMandateChanges, context: CallContext,
) -> PageView[views.MandateChangeView]:
    """History of a mandate, newest first. Raises MandateNotFound."""
    mandate = seen_mandate(tx, command.mandate_id, context)
    page = CHANGES.asked(command, context.citizen)
    found = tx.mandates.changes(mandate.mandate_id, before=page.after, limit=page.fetch)
    return page.view(found, view=views.change, key=lambda it: it.revision)
