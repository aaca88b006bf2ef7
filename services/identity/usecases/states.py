"""Freezing, unfreezing and closing subjects."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.identity.domain.errors import SubjectNotFound
from services.identity.domain.ports import IdentityUnit
from services.identity.domain.subject import Change
from services.identity.usecases import views

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call


def change_state(unit: IdentityUnit, call: Call, target: str) -> dict[str, Any]:
    """Raises SubjectNotFound, IllegalTransition."""
    context, now = call.context, unit.clock.now()
    subject = unit.subjects.lock(context.tenant, call.data["subject_id"])
    if subject is None:
        raise SubjectNotFound
    before, (subject, event) = subject.state, subject.moved_to(target)
    unit.subjects.save(subject, Change(
        event, context.caller, now, {"state_before": before, "state": target, "reason": call.data["reason"]}))
    unit.events.record(
        event, aggregate=subject.subject_id, tenant=context.tenant, sequence=subject.revision,
        data={"subject_id": subject.subject_id, "state_before": before, "state": target, "changed_at": now},
    )
    return views.masked(subject, unit.policy.levels, now)
