"""Ports of the login: what its use cases need of tables."""
from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, Protocol

from services.identity.login.domain.interaction import Interaction


class BrowserSession(NamedTuple):
    """tenant: of the population."""

    tenant: str
    session_id: str


class Interactions(Protocol):
    def add(self, interaction: Interaction) -> None: ...

    def get(self, interaction_id: str) -> Interaction | None: ...

    def lock(self, interaction_id: str) -> Interaction | None:
        """Nobody else changes it before this transaction ends."""
        ...

    def of_request(self, request_id: str) -> Interaction | None:
        """The login that an authorization request began."""
        ...

    def at_upstream(self, browser_hash: str, at: datetime) -> str | None:
        """The id of the browser's newest open login that waits for another identity provider."""
        ...

    def save(self, interaction: Interaction) -> None: ...

    def purge(self, before: datetime) -> None:
        """Delete those that expired before."""
        ...


class Browsers(Protocol):
    def find(self, browser_hash: str, kind: str) -> BrowserSession | None: ...

    def put(self, browser_hash: str, kind: str, has: BrowserSession, *, until: datetime) -> None:
        """Store the browser's session of this kind, instead of an earlier one."""
        ...

    def move(self, browser_hash: str, to: str) -> None:
        """Let the browser be known by another secret, with all its sessions."""
        ...

    def forget(self, browser_hash: str, kind: str) -> None: ...

    def purge(self, before: datetime) -> None: ...


class HasInteractions(Protocol):
    @property
    def interactions(self) -> Interactions: ...


class HasBrowsers(Protocol):
    @property
    def browsers(self) -> Browsers: ...
