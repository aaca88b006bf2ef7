"""Retry a stuck step."""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.matter.cases.domain import states
from services.matter.cases.domain.case import NOTICE, Case, Task
from services.matter.cases.domain.errors import StepNotRetryable
from services.matter.cases.domain.progress import Progress
from services.matter.cases.domain.timeline import STEP_RETRIED, entry
from services.matter.cases.usecases.case_progress import ChangeCaseTx, progress_of, save
from services.matter.cases.usecases.views import CaseSummaryView, case_summary, locale_of
from shared_components.kernel.bilingual import Bilingual

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


@dataclass(frozen=True, slots=True)
class RetryStep:
    """step: the name of a step, compensation or notice. reason: for the record; no personal data."""

    case_id: str
    step: str
    reason: str


def retry_step(tx: ChangeCaseTx, command: RetryStep, context: CallContext) -> CaseSummaryView:
    """Ask for a stuck step again, with the same operation id.

    Raises CaseNotFound, StepNotFound, StepNotRetryable.
    """
    case = tx.cases.lock(context, command.case_id)
    task = _stuck_task(case, command.step)
    progress = progress_of(tx, case)
    task.move(states.READY)
    task.due_at, task.error = progress.now, None
    # Attempts begin anew, but never at 0: what was asked once may have had an effect.
    task.attempts = 1
    retry = {"at": progress.now.isoformat(), "reason": command.reason}
    task.settings = {**task.settings, "retries": [*task.settings.get("retries", ()), retry]}
    _tell(progress, task)
    save(tx, progress)
    return case_summary(case, locale=locale_of(context), now=progress.now)


def _stuck_task(case: Case, name: str) -> Task:
    named = [task for task in case.tasks if task.name == name]
    task = named[0] if named else case.step(name)
    if task.state != states.STUCK:
        raise StepNotRetryable(Bilingual(
            f"step {name!r} of case {case.id} is {task.state!r}; only 'stuck' can be retried",
            f"办件 {case.id} 的步骤“{name}”状态为“{task.state}”；只有“stuck”可以重试"))
    return task


def _tell(progress: Progress, task: Task) -> None:
    if task.role == NOTICE:
        return
    title = progress.definition.step(task.settings.get("of", task.name)).title
    progress.case.tell(entry(progress.now, STEP_RETRIED, step=task.name, title=title))
