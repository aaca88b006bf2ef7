"""A person's request about their own information, and how it ends."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.identity.privacy.domain import states
from services.identity.privacy.domain.errors import ReasonMissing
from shared_components.kernel.working_days import WorkingCalendar

CORRECTABLE = ("name", "mobile", "email")
REASON_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Term:
    """The time within which a request is answered: so many working days, by the calendar of holidays."""

    working_days: int = 15
    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)

    def due_at(self, submitted_at: datetime) -> datetime:
        return self.calendar.due(submitted_at, self.working_days)


@dataclass(frozen=True, slots=True)
class PersonalRequest:
    """population: the person's. keeper: tenant of the department whose officers decide.

    corrections: field → new value. explanation: of the person. reason: of the decision.
    """

    request_id: str
    population: str
    keeper: str
    subject_id: str
    kind: str
    submitted_at: datetime
    due_at: datetime
    explanation: str | None = field(default=None, repr=False)
    corrections: Mapping[str, str | None] = field(default_factory=dict, repr=False)
    state: str = states.SUBMITTED
    revision: int = 1
    decided_at: datetime | None = None
    decided_by: str | None = None
    reason: str | None = field(default=None, repr=False)

    def is_late(self, at: datetime) -> bool:
        """Tell whether it waits beyond its term."""
        return self.state == states.SUBMITTED and at >= self.due_at

    def decided(self, state: str, *, at: datetime, by: str, reason: str | None) -> PersonalRequest:
        """Raises IllegalTransition, and ReasonMissing for a refusal without one."""
        states.REQUEST.move(self.state, state)
        if state == states.REFUSED and not (reason or "").strip():
            raise ReasonMissing
        return replace(
            self, state=state, decided_at=at, decided_by=by, reason=reason, revision=self.revision + 1)
