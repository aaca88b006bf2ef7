"""The SQL transaction that the use cases of identity work in."""
from __future__ import annotations

from services.identity.subjects.adapters.evidence import SqlEvidences
from services.identity.subjects.adapters.field_encryption import FieldEncryption
from services.identity.subjects.adapters.subjects import SqlSubjects
from services.identity.subjects.domain.policy import IdentityPolicy
from shared_components.db.scope import Scope


class SqlIdentityTransaction:
    """Satisfies the Protocol of every use case."""

    def __init__(self, scope: Scope, policy: IdentityPolicy) -> None:
        self.clock = scope.clock
        self.policy = policy
        self.events = scope.events
        self.subjects = SqlSubjects(scope.session, FieldEncryption(scope.secrets))
        self.evidence = SqlEvidences(scope.session)
