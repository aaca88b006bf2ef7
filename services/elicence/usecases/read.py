"""Looking at licences."""
from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from services.elicence.domain.calendar import local_day
from services.elicence.domain.errors import LicenceNotFound
from services.elicence.domain.licence import Licence
from services.elicence.domain.ports import ELicenceTransaction
from services.elicence.usecases.views import licence_view
from shared_components.kernel.paging import PagedList

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call, CallContext

OF_HOLDER = PagedList[str]("elicence.list_by_holder", str)


def get_licence(tx: ELicenceTransaction, call: Call) -> dict[str, Any]:
    """Raises LicenceNotFound, also for a licence of somebody whom the caller does not act for."""
    licence = tx.licences.get(
        call.context.tenant, licence_id=call.data.get("licence_id"), identifier=call.data.get("identifier")
    )
    found = require_seen_by(call.context, licence)
    return licence_view(found, local_day(tx.clock.now()))


def list_by_holder(tx: ELicenceTransaction, call: Call) -> dict[str, Any]:
    data, day = call.data, local_day(tx.clock.now())
    subject, state = data["holder_subject"], data.get("state")
    page = OF_HOLDER.asked(data, call.context.tenant, call.context.subject)
    if call.context.subject not in (None, subject):
        return page.reply([], view=_shown(day), key=_key)
    found = tx.licences.page(
        call.context.tenant, subject, type_code=data.get("type_code"), before=page.after, limit=page.fetch
    )
    # What a licence's state is depends on the day; the database knows only what was stored.
    return page.reply(found, view=_shown(day), key=_key, wanted=lambda one: state in (None, one.state_on(day)))


def _shown(day: date) -> Callable[[Licence], dict[str, Any]]:
    return lambda licence: licence_view(licence, day)


def _key(licence: Licence) -> str:
    return licence.licence_id


def require_seen_by(context: CallContext, licence: Licence | None) -> Licence:
    """The licence, if there is one and the caller acts for its holder or for nobody."""
    if licence is None or context.subject not in (None, licence.holder.subject):
        raise LicenceNotFound("licence is not known; only licences of this department and subject can be read")
    return licence
