"""The SQL transaction that the use cases of elicence work in."""
from __future__ import annotations

from services.elicence.adapters.field_encryption import FieldEncryption
from services.elicence.adapters.licences import SqlLicences
from services.elicence.adapters.presentation_codes import KeyedPresentationCodes
from services.elicence.adapters.presentations import SqlPresentations
from services.elicence.adapters.serials import SqlSerials
from services.elicence.adapters.types import SqlTypes
from services.elicence.domain.policy import Policy
from shared_components.db.scope import Scope


class SqlELicenceTransaction:
    """Satisfies the Protocol of every use case."""

    def __init__(self, scope: Scope, policy: Policy) -> None:
        self.clock = scope.clock
        self.policy = policy
        self.events = scope.events
        self.holder_keys = FieldEncryption(scope.secrets)
        self.codes = KeyedPresentationCodes(scope.secrets)
        self.types = SqlTypes(scope.session)
        self.licences = SqlLicences(scope.session, self.holder_keys)
        self.presentations = SqlPresentations(scope.session)
        self.serials = SqlSerials(scope.session)
