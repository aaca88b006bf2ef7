"""Decide on requests as an officer; withdraw the own one."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from services.identity.privacy.domain import states
from services.identity.privacy.domain.errors import DecisionForOfficers, PersonalRequestNotFound
from services.identity.privacy.domain.request import PersonalRequest
from services.identity.privacy.usecases import views
from services.identity.privacy.usecases.privacy_tx import PrivacyTx
from services.identity.privacy.usecases.submit import finish
from shared_components.kernel.acting import OFFICER
from shared_components.kernel.errors import AppError

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


@dataclass(frozen=True, slots=True)
class ByPersonalRequest:
    request_id: str


@dataclass(frozen=True, slots=True)
class DecidePersonalRequest:
    """reason: of a refusal, shown to the person."""

    request_id: str
    grant: bool
    reason: str | None = field(default=None, repr=False)


def decide_personal_request(
    tx: PrivacyTx, command: DecidePersonalRequest, context: CallContext,
) -> views.PersonalRequestView:
    """Raises PersonalRequestNotFound, DecisionForOfficers, ReasonMissing, IllegalTransition."""
    request, officer = the_request(tx, command.request_id, context), officer_of(context)
    if officer == request.subject_id:
        raise DecisionForOfficers
    state = states.DONE if command.grant else states.REFUSED
    decided = finish(tx, request, state, context, by=officer, reason=command.reason)
    return views.request(decided, tx.clock.now(), context.locale)


def cancel_personal_request(
    tx: PrivacyTx, command: ByPersonalRequest, context: CallContext,
) -> views.PersonalRequestView:
    """Raises PersonalRequestNotFound, IllegalTransition."""
    request = the_request(tx, command.request_id, context)
    cancelled = finish(tx, request, states.CANCELLED, context, by=request.subject_id, reason=None)
    return views.request(cancelled, tx.clock.now(), context.locale)


def seen_request(tx: PrivacyTx, request_id: str, context: CallContext) -> PersonalRequest:
    """A request that the call may see. Raises PersonalRequestNotFound."""
    (found,) = tx.personal_requests.read([(context, request_id)])
    if isinstance(found, AppError):
        raise found
    return found


def the_request(tx: PrivacyTx, request_id: str, context: CallContext) -> PersonalRequest:
    """As seen_request, and locked."""
    locked = tx.personal_requests.lock(seen_request(tx, request_id, context).request_id)
    if locked is None:
        raise PersonalRequestNotFound
    return locked


def officer_of(context: CallContext) -> str:
    """The officer who acts. An app of the department alone decides nothing. Raises DecisionForOfficers."""
    acting = context.acting
    if acting is None or acting.kind != OFFICER:
        raise DecisionForOfficers
    return acting.subject
