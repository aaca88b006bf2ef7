"""Revoke a mandate, from either side; it is in force no longer when the caller has the answer."""
from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from services.identity.mandates.domain import states
from services.identity.mandates.domain.appointing import require_may_end
from services.identity.mandates.domain.ports import ChangesMandates, FindsPersons
from services.identity.mandates.usecases import views
from services.identity.mandates.usecases.answer import ByMandate
from services.identity.mandates.usecases.lookups import session_mandate, the_mandate
from services.identity.mandates.usecases.records import REVOKED_BY_AGENT, REVOKED_BY_PRINCIPAL, record_change

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class RevokeTx(ChangesMandates, FindsPersons, Protocol):
    """The transaction of revoking."""


def revoke_mandate(tx: RevokeTx, command: ByMandate, context: CallContext) -> views.MandateView:
    """Raises MandateNotFound, AppointmentNotAllowed, IllegalTransition."""
    mandate = the_mandate(tx, command.mandate_id, context)
    by_principal = mandate.principal_id == context.citizen
    if by_principal:
        require_may_end(mandate, session_mandate(tx, context))
    what = REVOKED_BY_PRINCIPAL if by_principal else REVOKED_BY_AGENT
    revoked = mandate.in_state(states.REVOKED)
    return views.mandate(record_change(tx, mandate, revoked, what, context), context.locale)
