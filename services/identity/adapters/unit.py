"""One transaction's view of identity."""
from __future__ import annotations

from typing import Protocol

from sqlalchemy.orm import Session

from services.identity.adapters.evidence import SqlEvidences
from services.identity.adapters.subjects import SqlSubjects
from services.identity.domain.policy import IdentityPolicy
from services.identity.domain.ports import Events
from shared_components.kernel.clock import Clock
from shared_components.security import Secrets


class Scope(Protocol):
    """The bus's unit scope, as far as it is used here."""

    @property
    def session(self) -> Session: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def secrets(self) -> Secrets: ...
    @property
    def events(self) -> Events: ...


class SqlIdentityUnit:
    """An IdentityUnit on SQLAlchemy."""

    def __init__(self, scope: Scope, policy: IdentityPolicy) -> None:
        self.clock = scope.clock
        self.policy = policy
        self.events = scope.events
        self.subjects = SqlSubjects(scope.session, scope.secrets)
        self.evidence = SqlEvidences(scope.session)
