"""Memberships: which subject works for which department, in which roles, from when to when."""
from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from services.identity.directory.domain import states

HANDLER, APPROVER, FINANCE, AUDITOR, MANAGER = "handler", "approver", "finance", "auditor", "manager"
ROLES = (HANDLER, APPROVER, FINANCE, AUDITOR, MANAGER)
DECIDING = frozenset({APPROVER, MANAGER})


@dataclass(frozen=True, slots=True)
class Membership:
    """valid_until: its last day, in China; None: it does not end."""

    membership_id: str
    realm_id: str
    department_id: str
    subject_id: str
    roles: tuple[str, ...]
    valid_from: date
    valid_until: date | None
    created_at: datetime
    state: str = states.ACTIVE
    revision: int = 1

    def holds(self, today: date) -> bool:
        return self.state == states.ACTIVE and self.valid_from <= today and (
            self.valid_until is None or today <= self.valid_until)

    def may_decide(self, today: date) -> bool:
        """Whether its officer may approve what an app of the department asks for."""
        return self.holds(today) and not DECIDING.isdisjoint(self.roles)

    def ended(self) -> Membership:
        """Raises IllegalTransition."""
        states.MEMBERSHIP.move(self.state, states.ENDED)
        return replace(self, state=states.ENDED, revision=self.revision + 1)

    def moved_to(self, department_id: str) -> Membership:
        """The membership in the department that its own was merged into."""
        return replace(self, department_id=department_id, revision=self.revision + 1)
