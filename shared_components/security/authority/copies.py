"""Copies of what decisions need: consents to apps, portal apps, ended sessions, mandates, grants, agreements."""
from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple, Protocol


class KnownApp(NamedTuple):
    """An app as the directory says it is now.

    tenant: whose data it works on. scopes: what it may call. active: neither frozen nor closed, and it has a key.
    broker_key_revoked: the key by which its user logs in at the broker is revoked, and another one is not there yet.
    """

    tenant: str
    scopes: tuple[str, ...]
    active: bool
    broker_key_revoked: bool = False


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

    def is_ended(self, session: str) -> bool:
        """Tell whether a session has ended, or what it gave an app; both by their ids."""
        ...

    def is_closed(self, app: str) -> bool:
        """Tell whether the directory has closed or frozen the app."""
        ...

    def app(self, name: str) -> KnownApp | None:
        """Give the app that calls by this name, or None where the directory has none."""
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
    apps: Mapping[str, KnownApp] = field(default_factory=lambda: MappingProxyType({}))
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

    def app(self, name: str) -> KnownApp | None:
        return self.apps.get(name)

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
