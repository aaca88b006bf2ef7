"""Record what became of a personal-information request: evidence without values, and an event."""
from __future__ import annotations

from services.identity.privacy.domain import states
from services.identity.privacy.domain.request import PersonalRequest
from services.identity.privacy.usecases.privacy_tx import PrivacyTx
from shared_components.kernel.calls import CallContext

SUBMITTED, DONE, REFUSED, CANCELLED = (
    "personal-request-submitted", "personal-request-done", "personal-request-refused", "personal-request-cancelled")
OF_STATE = {states.DONE: DONE, states.REFUSED: REFUSED, states.CANCELLED: CANCELLED}


def record(tx: PrivacyTx, request: PersonalRequest, context: CallContext) -> None:
    """Record the state that a request has now."""
    tx.record_evidence(
        context, owner=request.population, action=OF_STATE.get(request.state, SUBMITTED), about=request.request_id,
        basis="holder", fields=sorted(request.corrections),
        details={"kind": request.kind, "subject": request.subject_id}, cause=request.reason)
    tx.events.record(
        states.REQUEST_CHANGED, aggregate=request.request_id, tenant=request.population, sequence=request.revision,
        data={
            "request_id": request.request_id, "subject_id": request.subject_id, "kind": request.kind,
            "state": request.state, "due_at": request.due_at, "changed_at": tx.clock.now()})
