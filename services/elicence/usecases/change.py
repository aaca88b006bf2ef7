"""Changes of state: suspended, resumed, revoked, cancelled, withdrawn, transferred out."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from services.elicence.domain.calendar import local_day
from services.elicence.domain.errors import licence_not_found
from services.elicence.domain.licence import Change, Licence
from services.elicence.usecases.events import StoreChangesTx, store_changes_of_calls
from services.elicence.usecases.views import LicenceView, licence_views
from shared_components.kernel.errors import AppError
from shared_components.kernel.outcomes import attempt
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call

Licences = dict[tuple[str, str], Licence]


class ChangeStateTx(HasClock, StoreChangesTx, Protocol):
    """The part of a transaction that changing states uses."""


@dataclass(frozen=True, slots=True)
class ChangeState:
    licence_id: str
    reason: str = field(repr=False)


def change_states(
    tx: ChangeStateTx, calls: Sequence[Call[ChangeState]], *, target: str,
) -> list[LicenceView | AppError]:
    """Move each licence to another state, or LicenceNotFound, IllegalTransition."""
    at = tx.clock.now()
    licences = tx.licences.lock({(call.context.tenant, call.data.licence_id) for call in calls})
    changes = [attempt(_change, licences, call, target, at) for call in calls]
    store_changes_of_calls(tx, calls, [[one] if isinstance(one, Change) else [] for one in changes])
    changed = [one if isinstance(one, AppError) else one.after for one in changes]
    return licence_views(changed, calls, local_day(at))


def _change(licences: Licences, call: Call[ChangeState], target: str, at: datetime) -> Change:
    """The change of one call; the calls behind it find the licence as it is then."""
    key = (call.context.tenant, call.data.licence_id)
    licence = licences.get(key)
    if licence is None:
        raise licence_not_found()
    change = licence.moved(target, reason=call.data.reason, at=at, day=local_day(at))
    licences[key] = change.after
    return change
