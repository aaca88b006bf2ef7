"""Looking at licences."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

from services.elicence.domain.calendar import local_day
from services.elicence.domain.errors import LicenceNotFound
from services.elicence.domain.licence import Licence
from services.elicence.domain.ports import HasLicences
from services.elicence.usecases.views import LicenceView, licence_view
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList, PageView
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

OF_HOLDER = PagedList[str]("elicence.list_by_holder", str)


class ReadLicencesTx(HasClock, HasLicences, Protocol):
    """What reading licences needs of its transaction."""


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


def get_licence(tx: ReadLicencesTx, command: GetLicence, context: CallContext) -> LicenceView:
    """Raises LicenceNotFound, also for a licence of somebody whom the caller does not act for."""
    licence = tx.licences.get(context.tenant, licence_id=command.licence_id, identifier=command.identifier)
    found = require_seen_by(context, licence)
    return licence_view(found, local_day(tx.clock.now()))


def list_by_holder(
    tx: ReadLicencesTx, command: ListByHolder, context: CallContext,
) -> PageView[LicenceView]:
    """Newest first. Raises PageCursorInvalid."""
    day, subject, state = local_day(tx.clock.now()), command.holder_subject, command.state
    page = OF_HOLDER.asked(command, context.tenant, context.subject)
    if context.subject not in (None, subject):
        return page.view([], view=_shown(day), key=_key)
    found = tx.licences.page(
        context.tenant, subject, type_code=command.type_code, before=page.after, limit=page.fetch
    )
    # What a licence's state is depends on the day; the database knows only what was stored.
    return page.view(found, view=_shown(day), key=_key, wanted=lambda one: state in (None, one.state_on(day)))


def _shown(day: date) -> Callable[[Licence], LicenceView]:
    return lambda licence: licence_view(licence, day)


def _key(licence: Licence) -> str:
    return licence.licence_id


def require_seen_by(context: CallContext, licence: Licence | None) -> Licence:
    """The licence, if there is one and the caller acts for its holder or for nobody."""
    if licence is None or context.subject not in (None, licence.holder.subject):
        raise LicenceNotFound("licence is not known; only licences of this department and subject can be read")
    return licence
