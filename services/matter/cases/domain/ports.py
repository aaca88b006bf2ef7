"""Parts of a transaction that several use cases need; a part that only one needs is declared beside it."""
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from services.matter.cases.domain.case import Case
from services.matter.cases.domain.documents import PlannedDocument
from services.matter.cases.domain.engine_settings import EngineSettings

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class SavedCases(Protocol):
    def save(self, case: Case) -> None:
        """Write what has changed since it was locked."""
        ...


class LockedCases(SavedCases, Protocol):
    def lock(self, context: CallContext, case_id: str) -> Case:
        """Give a call the case, which nobody else may change until the transaction ends.

        Raises CaseNotFound, also for a case that the call may not see.
        """
        ...


class CasesOfWork(SavedCases, Protocol):
    def lock_for_work(self, tenant: str, case_id: str) -> Case:
        """Lock a case of the tenant of an event or a callback. Raises CaseNotFound."""
        ...


class HasSavedCases(Protocol):
    @property
    def cases(self) -> SavedCases: ...


class HasLockedCases(Protocol):
    @property
    def cases(self) -> LockedCases: ...


class HasCasesOfWork(Protocol):
    @property
    def cases(self) -> CasesOfWork: ...


class DocumentPlans(Protocol):
    def plan(self, documents: Sequence[PlannedDocument]) -> None:
        """Keep documents with the change that brings them; each gets its number soon."""
        ...


class HasDocumentPlans(Protocol):
    @property
    def documents(self) -> DocumentPlans: ...


class HasEngine(Protocol):
    @property
    def engine(self) -> EngineSettings: ...
