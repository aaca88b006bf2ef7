"""Looking at licences, for many calls at a time."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

from services.elicence.domain.calendar import local_day
from services.elicence.domain.licence import Licence
from services.elicence.domain.ports import HasLicences, HolderPage
from services.elicence.usecases.views import LicenceView, licence_view, licence_views
from shared_components.kernel.errors import AppError
from shared_components.kernel.outcomes import attempt
from shared_components.kernel.paging import DEFAULT_LIMIT, Page, PagedList, PageView
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call, CallContext

OF_HOLDER = PagedList[str]("elicence.list_by_holder", str)


class ReadLicencesTx(HasClock, HasLicences, Protocol):
    """The part of a transaction that reading licences uses."""


@dataclass(frozen=True, slots=True)
class GetLicence:
    """Exactly one of the two is given."""

    licence_id: str | None = None
    identifier: str | None = None


@dataclass(frozen=True, slots=True)
class ListByHolder:
    holder_subject: str
    type_code: str | None = None
    state: str | None = None
    limit: int = DEFAULT_LIMIT
    after: str | None = None


def get_licences(tx: ReadLicencesTx, calls: Sequence[Call[GetLicence]]) -> list[LicenceView | AppError]:
    """Each licence, or LicenceNotFound, also for a licence of somebody whom the caller does not act for."""
    day = local_day(tx.clock.now())
    by_id = [(n, call.data.licence_id) for n, call in enumerate(calls) if call.data.licence_id is not None]
    named = [(n, call.data.identifier) for n, call in enumerate(calls) if call.data.identifier is not None]
    read = tx.licences.read([(calls[n].context, licence_id) for n, licence_id in by_id])
    read += tx.licences.read_by_identifier([(calls[n].context, identifier) for n, identifier in named])
    found = {n: licence for (n, _), licence in zip([*by_id, *named], read, strict=True)}
    return licence_views([found[n] for n in range(len(calls))], calls, day)


def list_by_holder(tx: ReadLicencesTx, calls: Sequence[Call[ListByHolder]]) -> list[PageView[LicenceView] | AppError]:
    """For each call a page, newest first, or PageCursorInvalid."""
    day = local_day(tx.clock.now())
    pages = [attempt(_page, call) for call in calls]
    asked = [
        (call.context, HolderPage(call.data.holder_subject, page.fetch, call.data.type_code, page.after))
        for call, page in zip(calls, pages, strict=True)
        if isinstance(page, Page) and _may_list(call.context, call.data.holder_subject)
    ]
    found = iter(tx.licences.pages(asked))

    def shown(call: Call[ListByHolder], page: Page[str]) -> PageView[LicenceView]:
        licences = next(found) if _may_list(call.context, call.data.holder_subject) else []
        return _view(page, licences, call, day)

    return [one if isinstance(one, AppError) else shown(call, one) for call, one in zip(calls, pages, strict=True)]


def _page(call: Call[ListByHolder]) -> Page[str]:
    return OF_HOLDER.asked(call.data, call.context.tenant, call.context.subject)


def _may_list(context: CallContext, holder_subject: str) -> bool:
    """Nobody sees more of another's licences than an empty list."""
    return context.citizen in (None, holder_subject)


def _view(
    page: Page[str], licences: Sequence[Licence], call: Call[ListByHolder], day: date,
) -> PageView[LicenceView]:
    state, locale = call.data.state, call.context.locale
    # What a licence's state is depends on the day; the database knows only what was stored.
    return page.view(
        licences, view=lambda licence: licence_view(licence, day, locale), key=lambda licence: licence.licence_id,
        wanted=None if state is None else lambda licence: licence.state_on(day) == state)
