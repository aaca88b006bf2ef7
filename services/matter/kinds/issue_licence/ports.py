"""Components that issuing a licence asks."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from services.matter.cases.usecases.work import HasIdentity, Reply


class IssuedLicences(Protocol):
    def issue(self, op_id: str, request: Mapping[str, Any]) -> Reply: ...

    def cancel(self, op_id: str, licence_id: str, reason: str) -> Reply: ...


class IssueComponents(HasIdentity, Protocol):
    @property
    def licences(self) -> IssuedLicences: ...
