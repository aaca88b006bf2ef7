"""Freezing, unfreezing and closing subjects."""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.identity.subjects.domain.errors import SubjectNotFound
from services.identity.subjects.domain.ports import FollowsSubjects, HasPolicy, HasSubjects
from services.identity.subjects.domain.subject import Change
from services.identity.subjects.usecases import views
from services.identity.subjects.usecases.events import emit_state_changed
from shared_components.kernel.transactions import HasClock, HasEvents

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class ChangeStateTx(FollowsSubjects, HasClock, HasEvents, HasPolicy, HasSubjects, Protocol):
    """The transaction of changing a state."""


@dataclass(frozen=True, slots=True)
class ChangeState:
    """reason: a code or sentence without personal data."""

    subject_id: str
    reason: str


def change_state(
    tx: ChangeStateTx, command: ChangeState, context: CallContext, *, target: str,
) -> views.SubjectView:
    """Raises SubjectNotFound, IllegalTransition."""
    now = tx.clock.now()
    subject = tx.subjects.lock(context.tenant, command.subject_id)
    if subject is None:
        raise SubjectNotFound
    before, (subject, event) = subject.state, subject.moved_to(target)
    tx.subjects.save(subject, Change(
        event, context.caller, now, {"state_before": before, "state": target, "reason": command.reason}))
    emit_state_changed(tx, subject, state_before=before, at=now)
    for follower in tx.subject_followers:
        follower.subject_changed(subject, context)
    return views.masked(subject, tx.policy.levels, now, context.locale)
