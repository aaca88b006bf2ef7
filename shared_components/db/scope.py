"""One transaction and what belongs to it, as a service's adapters see it."""
from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from sqlalchemy.orm import Session

from shared_components.kernel.clock import Clock
from shared_components.kernel.events import Events
from shared_components.security import Secrets


class Scope(Protocol):
    """The parts that a transaction is built from; the opener commits."""

    @property
    def session(self) -> Session: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def secrets(self) -> Secrets: ...
    @property
    def events(self) -> Events: ...


class CommittedScope(Scope, Protocol):
    """A scope whose opener tells when it has committed."""

    @property
    def after_commit(self) -> list[Callable[[], None]]:
        """Callbacks for the moment when the transaction has committed."""
        ...
