"""A locked case, from what happened to what follows: build its progress, save it, wake the engine."""
from __future__ import annotations

from typing import Protocol

from services.matter.domain.case import Case
from services.matter.domain.ports import HasDefinitionVersions, HasEngine, HasLockedCases
from services.matter.domain.progress import Progress
from services.matter.usecases.events import PUBLISHED, emit_case_changed, emit_step_due
from shared_components.kernel.transactions import HasClock, HasEvents


class ProgressTx(HasClock, HasDefinitionVersions, HasEngine, Protocol):
    """What the progress of a case needs of its transaction."""


class SaveCaseTx(HasEvents, HasLockedCases, Protocol):
    """What saving a case needs of its transaction."""


class ChangeCaseTx(ProgressTx, SaveCaseTx, Protocol):
    """What changing a case needs of its transaction."""


def progress_of(tx: ProgressTx, case: Case) -> Progress:
    definition = tx.definitions.version(case.tenant, case.matter_code, case.version)
    return Progress(case, definition, tx.clock.now(), tx.engine.calendar)


def save(tx: SaveCaseTx, progress: Progress) -> None:
    """Write the case, publish its state changes, and wake the engine for what is due now."""
    case = progress.case
    tx.cases.save(case)
    for name in progress.events:
        if name in PUBLISHED:
            emit_case_changed(tx, name, case)
    for task in progress.newly_due():
        emit_step_due(tx, case, task.id)
