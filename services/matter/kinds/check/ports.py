"""Components that a check asks."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from services.matter.cases.usecases.work import HasIdentity, Reply


class HeldLicences(Protocol):
    def of_holder(self, holder_subject: str, type_code: str) -> Sequence[Reply]:
        """The holder's licences of a type, in every state."""
        ...


class Violations(Protocol):
    """The traffic authority's record of offences (交通违法)."""

    def unpaid(self, id_number: str) -> int:
        """How many are not settled. Raises Unavailable."""
        ...


class CheckComponents(HasIdentity, Protocol):
    @property
    def licences(self) -> HeldLicences: ...

    @property
    def violations(self) -> Violations: ...
