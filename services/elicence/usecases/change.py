"""What becomes of a licence: suspended, resumed, revoked, cancelled, withdrawn, transferred out."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.elicence.domain.calendar import local_day
from services.elicence.domain.errors import LicenceNotFound
from services.elicence.domain.ports import ELicenceTransaction
from services.elicence.usecases.announce import store_changes
from services.elicence.usecases.views import licence_view

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call


def change_state(tx: ELicenceTransaction, call: Call, target: str) -> dict[str, Any]:
    """Move a licence to another state. Raises LicenceNotFound, IllegalTransition."""
    licence = tx.licences.lock(call.context.tenant, call.data["licence_id"])
    if licence is None:
        raise LicenceNotFound("licence is not known; only licences of this department can be changed")
    at = tx.clock.now()
    change = licence.moved(target, reason=call.data["reason"], at=at, day=local_day(at))
    store_changes(tx, [change], actor=call.context.caller)
    return licence_view(change.after, local_day(at))
