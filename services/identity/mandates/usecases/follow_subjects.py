"""Changes of mandates that follow when their principal or agent is frozen, closed or merged."""
from __future__ import annotations

from typing import Protocol

from services.identity.mandates.domain import states
from services.identity.mandates.domain.mandate import Mandate
from services.identity.mandates.domain.ports import ChangesMandates
from services.identity.mandates.usecases.records import (
    ENDED_WITH_SUBJECT,
    MOVED,
    RESUMED,
    SUSPENDED,
    record_change,
    record_new,
)
from services.identity.subjects.domain import states as subject_states
from services.identity.subjects.domain.ports import HasSubjects
from services.identity.subjects.domain.subject import Subject
from shared_components.kernel.calls import CallContext
from shared_components.kernel.ids import new_id


class FollowTx(ChangesMandates, HasSubjects, Protocol):
    """The transaction in which a subject changes."""


class MandatesOfSubjects:
    """Changes the mandates of a subject in the transaction that changes the subject."""

    def __init__(self, tx: FollowTx) -> None:
        self._tx = tx

    def subject_changed(self, subject: Subject, context: CallContext) -> None:
        """Suspend while the subject is frozen, resume afterwards, end with it."""
        for mandate in self._tx.mandates.lock_open_of(subject.subject_id):
            if subject.state == subject_states.CLOSED:
                self._move(mandate, states.ENDED, ENDED_WITH_SUBJECT, context)
            elif subject.state == subject_states.FROZEN and mandate.state == states.ACTIVE:
                self._move(mandate, states.SUSPENDED, SUSPENDED, context)
            elif mandate.state == states.SUSPENDED and self._may_resume(mandate, subject, context):
                self._move(mandate, states.ACTIVE, RESUMED, context)

    def subject_merged(self, merged: Subject, survivor: Subject, context: CallContext) -> None:
        """Let mandates follow the merged subject into the one that stays, under new ids.

        Tokens name a mandate with its principal and agent: those of before are refused. A mandate that a subject would
        give itself ends.
        """
        for mandate in self._tx.mandates.lock_open_of(merged.subject_id):
            principal, agent = (
                survivor.subject_id if each == merged.subject_id else each
                for each in (mandate.principal_id, mandate.agent_id))
            if principal is None or principal == agent:
                self._move(mandate, states.ENDED, ENDED_WITH_SUBJECT, context)
                continue
            ended, following = mandate.moved(new_id("man"), principal_id=principal, agent_id=agent)
            record_change(self._tx, mandate, ended, MOVED, context)
            record_new(self._tx, following, MOVED, context)
        self.subject_changed(survivor, context)

    def _move(self, mandate: Mandate, state: str, what: str, context: CallContext) -> None:
        record_change(self._tx, mandate, mandate.in_state(state), what, context)

    def _may_resume(self, mandate: Mandate, subject: Subject, context: CallContext) -> bool:
        """Tell whether the other side of the mandate is not frozen, too."""
        if subject.state != subject_states.ACTIVE:
            return False
        other = mandate.agent_id if mandate.principal_id == subject.subject_id else mandate.principal_id
        found = None if other is None else self._tx.subjects.get(context.tenant, other)
        return found is not None and found.state == subject_states.ACTIVE
