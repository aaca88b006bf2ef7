"""Parts of a transaction that several use cases need; a part that only one needs is declared beside it."""
from __future__ import annotations

from typing import Protocol

from services.matter.domain.case import Case
from services.matter.domain.definition import Definition
from services.matter.domain.definition.published import Published
from services.matter.domain.engine_settings import EngineSettings


class LockedCases(Protocol):
    def lock(self, tenant: str, case_id: str) -> Case:
        """The case, which nobody else may change until the transaction ends. Raises CaseNotFound."""
        ...

    def save(self, case: Case) -> None:
        """Write what has changed since it was locked."""
        ...


class HasLockedCases(Protocol):
    @property
    def cases(self) -> LockedCases: ...


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


class HasEngine(Protocol):
    @property
    def engine(self) -> EngineSettings: ...
