"""Parts of a transaction that several use cases of definitions need."""
from __future__ import annotations

from typing import Protocol

from services.matter.definitions.domain.model import Definition
from services.matter.definitions.domain.published import Published


class DefinitionVersions(Protocol):
    def version(self, tenant: str, matter_code: str, version: int) -> Definition:
        """Raises MatterNotFound."""
        ...


class HasDefinitionVersions(Protocol):
    @property
    def definitions(self) -> DefinitionVersions: ...


class LatestDefinitions(Protocol):
    def latest(self, tenant: str, matter_code: str) -> Published | None: ...


class HasLatestDefinitions(Protocol):
    @property
    def definitions(self) -> LatestDefinitions: ...
