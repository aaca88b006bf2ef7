"""A locked case, from what happened to what follows: build its progress, save it, wake the engine."""
from __future__ import annotations

from typing import Protocol

from services.matter.domain.case import Case
from services.matter.domain.ports import HasDefinitionVersions, HasEngine, HasLockedCases
from services.matter.domain.progress import Progress
from services.matter.usecases.events import PUBLISHED, emit_case_changed, emit_step_due
from shared_components.kernel.transactions import HasClock, HasEvents


class ProgressTx(HasClock, HasDefinitionVersions, HasEngine, Protocol):
    """The part of a transaction that the progress of a case uses."""


class SaveCaseTx(HasEvents, HasLockedCases, Protocol):
    """The part of a transaction that saving a case uses."""


class ChangeCaseTx(ProgressTx, SaveCaseTx, Protocol):
    """The part of a transaction that changing a case uses."""


def progress_of(tx: ProgressTx, case: Case) -> Progress:
    definition = tx.definitions.version(case.tenant, case.matter_code, case.version)
    return Progress(case, definition, tx.clock.now(), tx.engine.calendar, tx.engine.rules)


def save(tx: SaveCaseTx, progress: Progress) -> None:
    """Write the case, publish its state changes, and wake the engine for what is due now."""
    case = progress.case
    tx.cases.save(case)
    for name in progress.events:
        if name in PUBLISHED:
            emit_case_changed(tx, name, case)
    for task in progress.newly_due():
        emit_step_due(tx, case, task.id)
