"""Copies of what decisions need: consents to apps, portal apps, ended sessions, mandates, grants, agreements."""
from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from typing import Protocol


class Copies(Protocol):
    """The copies that one process keeps in memory."""

    def is_portal(self, app: str) -> bool:
        """Tell whether the realm has approved the app as an entrance for citizens to all departments."""
        ...

    def is_console(self, app: str) -> bool:
        """Tell whether officers of other departments than the app's may work with it."""
        ...

    def consents(self, subject: str, app: str, resource: str) -> bool:
        """Tell whether the holder has let the app see this resource of other departments."""
        ...

    def is_ended(self, session: str) -> bool: ...

    def is_closed(self, app: str) -> bool:
        """Tell whether the directory has closed or frozen the app."""
        ...

    def has_left(self, subject: str, department: str) -> bool:
        """Tell whether the officer's membership of the department has ended."""
        ...

    def is_live(self, mandate_id: str) -> bool: ...

    def knows_grant(self, department: str, owner: str, resource: str) -> bool:
        """Tell whether the department holds or held a grant of the owner on the resource."""
        ...

    def knows_agreement(self, owner: str, purpose: str) -> bool:
        """Tell whether the owner has or had an agreement about the case."""
        ...


_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class KnownCopies:
    """Copies that are sets.

    consented: (subject, app, resource). grants: (department, owner, resource). agreements: (owner, purpose).
    left: (subject, tenant id of the department).
    """

    portals: Set[str] = _NONE
    consoles: Set[str] = _NONE
    consented: Set[tuple[str, str, str]] = frozenset()
    ended_sessions: Set[str] = _NONE
    live_mandates: Set[str] = _NONE
    closed_apps: Set[str] = _NONE
    left: Set[tuple[str, str]] = frozenset()
    grants: Set[tuple[str, str, str]] = frozenset()
    agreements: Set[tuple[str, str]] = frozenset()

    def is_portal(self, app: str) -> bool:
        return app in self.portals

    def is_console(self, app: str) -> bool:
        return app in self.consoles

    def consents(self, subject: str, app: str, resource: str) -> bool:
        return (subject, app, resource) in self.consented

    def is_ended(self, session: str) -> bool:
        return session in self.ended_sessions

    def is_closed(self, app: str) -> bool:
        return app in self.closed_apps

    def has_left(self, subject: str, department: str) -> bool:
        return (subject, department) in self.left

    def is_live(self, mandate_id: str) -> bool:
        return mandate_id in self.live_mandates

    def knows_grant(self, department: str, owner: str, resource: str) -> bool:
        return (department, owner, resource) in self.grants

    def knows_agreement(self, owner: str, purpose: str) -> bool:
        return (owner, purpose) in self.agreements


NO_COPIES = KnownCopies()
"""Before anything was copied: no portal, no consent, no mandate, no grant."""


class _OfProcess:
    copies: Copies = NO_COPIES


def process_copies() -> Copies:
    """The copies that this process keeps now."""
    return _OfProcess.copies


def keep_copies(copies: Copies) -> None:
    """Let the decisions of this process go by these copies from now on."""
    _OfProcess.copies = copies
