"""What becomes of a licence: suspended, resumed, revoked, cancelled, withdrawn, transferred out."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from services.elicence.domain.calendar import local_day
from services.elicence.domain.errors import LicenceNotFound
from services.elicence.usecases.events import StoreChangesTx, store_changes
from services.elicence.usecases.views import LicenceView, licence_view
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class ChangeStateTx(HasClock, StoreChangesTx, Protocol):
    """What changing a state needs of its transaction."""


@dataclass(frozen=True, slots=True)
class ChangeState:
    licence_id: str
    reason: str = field(repr=False)


def change_state(tx: ChangeStateTx, command: ChangeState, context: CallContext, *, target: str) -> LicenceView:
    """Move a licence to another state. Raises LicenceNotFound, IllegalTransition."""
    licence = tx.licences.lock(context.tenant, command.licence_id)
    if licence is None:
        raise LicenceNotFound("licence is not known; only licences of this department can be changed")
    at = tx.clock.now()
    change = licence.moved(target, reason=command.reason, at=at, day=local_day(at))
    store_changes(tx, [change], actor=context.caller)
    return licence_view(change.after, local_day(at))
