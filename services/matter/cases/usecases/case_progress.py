"""A locked case, from what happened to what follows: build its progress, claim what is due, save, tell."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from services.matter.cases.domain.case import Case
from services.matter.cases.domain.pausing import hold
from services.matter.cases.domain.ports import HasDocumentPlans, HasEngine, HasLockedCases, HasSavedCases
from services.matter.cases.domain.progress import Progress
from services.matter.cases.usecases.at_once import claim_due
from services.matter.cases.usecases.events import PUBLISHED, emit_case_changed, emit_step_due
from services.matter.cases.usecases.saving import SavingTx
from services.matter.definitions.domain.ports import HasDefinitionVersions
from shared_components.kernel.transactions import HasClock, HasEvents


class ProgressTx(HasClock, HasDefinitionVersions, HasEngine, Protocol):
    """The part of a transaction that the progress of a case uses."""


class SaveCaseTx(SavingTx, HasSavedCases, Protocol):
    """The part of a transaction that saving a case uses."""


class SavedCases(Protocol):
    def save_many(self, cases: Sequence[Case]) -> None:
        """Write what has changed since they were locked."""
        ...


class SaveCasesTx(SavingTx, Protocol):
    """The part of a transaction that saving several cases uses."""

    @property
    def cases(self) -> SavedCases: ...


class ChangeCaseTx(SavingTx, HasLockedCases, ProgressTx, Protocol):
    """The part of a transaction that changing a case for a call uses."""


class CasesInGroups(SavedCases, Protocol):
    def lock_many(self, wanted: Collection[tuple[str, str]]) -> Mapping[str, Case]:
        """Lock cases by (tenant, case id), as `lock` does one; an unknown one is absent. Gives them by their ids."""
        ...


class WorkOnCasesTx(SavingTx, ProgressTx, Protocol):
    """The part of a transaction that events need which concern cases."""

    @property
    def cases(self) -> CasesInGroups: ...


def progress_of(tx: ProgressTx, case: Case) -> Progress:
    definition = tx.definitions.version(case.tenant, case.matter_code, case.version)
    calendar = tx.engine.calendar_of(definition.procedure.calendar)
    return Progress(case, definition, tx.clock.now(), calendar, tx.engine.rules)


def save(tx: SaveCaseTx, progress: Progress) -> None:
    """Write the case, publish its state changes, and see to what is due now."""
    hold(progress.case)
    claim_due(tx, [progress], {})
    tx.cases.save(progress.case)
    _issue(tx, [progress])
    _emit(tx, progress)


def save_all(tx: SaveCasesTx, progress: Sequence[Progress], traces: Mapping[str, str | None]) -> None:
    """Do the same for several cases. traces: by case id, so that each case goes on in its own trace."""
    for one in progress:
        hold(one.case)
    claim_due(tx, progress, traces)
    tx.cases.save_many([one.case for one in progress])
    _issue(tx, progress)
    for one in progress:
        _emit(tx, one, traces.get(one.case.id))


def _issue(tx: HasDocumentPlans, progress: Sequence[Progress]) -> None:
    planned = [document for one in progress for document in one.documents]
    if planned:
        tx.documents.plan(planned)


def _emit(tx: HasEvents, progress: Progress, traceparent: str | None = None) -> None:
    for name in progress.events:
        if name in PUBLISHED:
            emit_case_changed(tx, name, progress.case, traceparent)
    for task in progress.newly_due():
        emit_step_due(tx, progress.case, task.id, traceparent)
