"""Take a step from the inbox, look at it, and put it back."""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.matter.cases.domain.case import Case, Task
from services.matter.cases.usecases.case_progress import ChangeCaseTx, progress_of, save
from services.matter.tasks.domain.errors import SameOfficer
from services.matter.tasks.usecases.desk import (
    officer_of,
    require_claimed,
    require_desk,
    require_disinterested,
    taken,
    waiting_task,
)
from services.matter.tasks.usecases.views import OfficerTaskDetailView, proposal_of, task_fields
from shared_components.kernel.bilingual import Bilingual

if TYPE_CHECKING:
    from shared_components.kernel.acting import Acting
    from shared_components.kernel.calls import CallContext


MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class OneTask:
    case_id: str
    step: str


def claim_task(tx: ChangeCaseTx, command: OneTask, context: CallContext) -> OfficerTaskDetailView:
    """Take a step; taking what one has already taken changes nothing.

    Raises OfficerNeeded, CaseNotFound, StepNotFound, TaskNotOpen, DeskOfOthers, TaskTaken, SameOfficer, OwnCase.
    """
    officer = officer_of(context)
    case = tx.cases.lock(context, command.case_id)
    task = waiting_task(case, command.step)
    require_desk(task, officer)
    if task.claimed_by not in (None, officer.subject):
        raise taken(task)
    require_disinterested(case, officer.subject)
    require_another(task, officer)
    task.claimed_by = officer.subject
    progress = progress_of(tx, case)
    save(tx, progress)
    return detail(tx, case, task, officer)


def release_task(tx: ChangeCaseTx, command: OneTask, context: CallContext) -> OfficerTaskDetailView:
    """Put a step back into the inbox; a manager does so for other officers, too.

    Raises OfficerNeeded, CaseNotFound, StepNotFound, TaskNotOpen, TaskNotClaimed, TaskTaken.
    """
    officer = officer_of(context)
    case = tx.cases.lock(context, command.case_id)
    task = waiting_task(case, command.step)
    if task.claimed_by is None or MANAGER not in officer.roles:
        require_claimed(task, officer)
    task.claimed_by = None
    save(tx, progress_of(tx, case))
    return detail(tx, case, task, officer)


def get_task(tx: ChangeCaseTx, command: OneTask, context: CallContext) -> OfficerTaskDetailView:
    """Raises OfficerNeeded, CaseNotFound, StepNotFound, TaskNotOpen, DeskOfOthers."""
    officer = officer_of(context)
    case = tx.cases.lock(context, command.case_id)
    task = waiting_task(case, command.step)
    require_desk(task, officer)
    return detail(tx, case, task, officer)


def require_another(task: Task, officer: Acting) -> None:
    """Raises SameOfficer when the officer made the proposal that waits."""
    proposal = proposal_of(task)
    if proposal is not None and proposal["by"] == officer.subject:
        raise SameOfficer(Bilingual(
            f"step {task.name!r} waits to be countersigned, and the session's officer made the proposal",
            f"步骤“{task.name}”待复核；提出意见者不得复核"))


def detail(tx: ChangeCaseTx, case: Case, task: Task, officer: Acting) -> OfficerTaskDetailView:
    definition = tx.definitions.version(case.tenant, case.matter_code, case.version)
    settings = definition.step(task.name).settings
    shown = settings.get("fields", definition.form["properties"])
    proposal = proposal_of(task)
    return OfficerTaskDetailView(
        **task_fields(case, task, definition, officer=officer.subject, now=tx.clock.now()),
        form={name: value for name, value in case.form.items() if name in shown},
        decision_form=settings.get("form"),
        notes=[note["reason"] for note in (task.signal or {}).get("notes", ())],
        proposal=None if proposal is None else {key: proposal[key] for key in ("decision", "reason", "form")},
    )
