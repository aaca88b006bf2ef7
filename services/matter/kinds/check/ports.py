"""Components that a check asks."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from services.matter.cases.usecases.work import HasIdentity, Reply


class HeldLicences(Protocol):
    def of_holder(self, holder_subject: str, type_code: str) -> Sequence[Reply]:
        """The holder's licences of a type, in every state."""
        ...


class Registers(Protocol):
    """Registers of departments that are asked about an applicant."""

    def names(self) -> Sequence[str]:
        """The registers that are connected."""
        ...

    def ask(self, source: str, question: Mapping[str, Any]) -> Reply:
        """Ask one. Raises Unavailable, and InvalidInput for a register that is not connected."""
        ...


class CheckComponents(HasIdentity, Protocol):
    @property
    def licences(self) -> HeldLicences: ...

    @property
    def registers(self) -> Registers: ...
