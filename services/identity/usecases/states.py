"""Freezing, unfreezing and closing subjects."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.identity.domain.errors import SubjectNotFound
from services.identity.domain.ports import IdentityTransaction
from services.identity.domain.subject import Change
from services.identity.usecases import views

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call


def change_state(tx: IdentityTransaction, call: Call, target: str) -> dict[str, Any]:
    """Raises SubjectNotFound, IllegalTransition."""
    context, now = call.context, tx.clock.now()
    subject = tx.subjects.lock(context.tenant, call.data["subject_id"])
    if subject is None:
        raise SubjectNotFound
    before, (subject, event) = subject.state, subject.moved_to(target)
    tx.subjects.save(subject, Change(
        event, context.caller, now, {"state_before": before, "state": target, "reason": call.data["reason"]}))
    tx.events.record(
        event, aggregate=subject.subject_id, tenant=context.tenant, sequence=subject.revision,
        data={"subject_id": subject.subject_id, "state_before": before, "state": target, "changed_at": now},
    )
    return views.masked(subject, tx.policy.levels, now)
