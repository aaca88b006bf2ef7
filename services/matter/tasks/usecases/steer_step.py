"""Run a step now, or skip it; each with a reason, on record."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from services.matter.cases.domain import states
from services.matter.cases.domain.case import Task
from services.matter.cases.domain.errors import StepNotFound
from services.matter.cases.domain.pausing import pause_of
from services.matter.cases.domain.progress import Progress
from services.matter.cases.domain.timeline import entry
from services.matter.cases.usecases.case_progress import progress_of, save
from services.matter.cases.usecases.views import CaseSummaryView, case_summary, locale_of
from services.matter.kinds.task.lines import STEP_SKIPPED
from services.matter.tasks.domain.errors import StepNotRunnable, StepNotSkippable
from services.matter.tasks.usecases.steering import SteerTx, locked_to_steer, put_on_record
from shared_components.kernel.bilingual import Bilingual

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


@dataclass(frozen=True, slots=True)
class SteerStep:
    """step: its name. reason: at most 200 characters, for the record."""

    case_id: str
    step: str
    reason: str = field(repr=False)


def run_step_now(tx: SteerTx, command: SteerStep, context: CallContext) -> CaseSummaryView:
    """Ask again at once for a step that waits for its next attempt or for an answer.

    step: also the name of a compensation or a notice.
    Raises OfficerNeeded, CaseNotFound, OwnCase, StepNotFound, StepNotRunnable.
    """
    progress = _locked(tx, command, context)
    task = _task(progress, command.step)
    by_officers = task.kind == "task"
    if task.state not in (states.READY, states.WAITING) or by_officers or pause_of(progress.case) is not None:
        state = "paused" if pause_of(progress.case) is not None else task.state
        raise StepNotRunnable(Bilingual(
            f"step {task.name!r} of kind {task.kind!r} is {state!r}; only 'ready' and 'waiting' steps that no officer "
            "does, of a case that is not paused, are run",
            f"步骤“{task.name}”（{task.kind}）的状态为“{state}”；只有未暂停办件中状态为“ready”或“waiting”、"
            "且非人工办理的步骤可以立即执行"))
    task.due_at = progress.now
    return _saved(tx, progress, command, context, "step.run", task)


def skip_step(tx: SteerTx, command: SteerStep, context: CallContext) -> CaseSummaryView:
    """Skip a step that has certainly had no effect; later steps go on without its result.

    Raises OfficerNeeded, CaseNotFound, OwnCase, StepNotFound, StepNotSkippable.
    """
    progress = _locked(tx, command, context)
    task = progress.case.step(command.step)
    asked = task.attempts > 0 and progress.rules.of(task.kind).leaves_effect
    open_states = (states.PENDING, states.READY, states.WAITING, states.STUCK)
    if progress.case.state != states.RUNNING or task.state not in open_states or asked:
        raise StepNotSkippable(Bilingual(
            f"step {task.name!r} is {task.state!r}{' and was asked, so it may have had an effect' if asked else ''}; "
            f"only {', '.join(open_states)} steps of a running case that had no effect are skipped",
            f"步骤“{task.name}”的状态为“{task.state}”{'，且已发起过，可能已生效' if asked else ''}；"
            "只有办理中办件里尚未生效的未完成步骤可以跳过"))
    task.claimed_by = task.signal = None
    progress.case.finish(task, states.SKIPPED, progress.now)
    title = progress.definition.step(task.name).title
    progress.case.tell(entry(progress.now, STEP_SKIPPED, step=task.name, title=title))
    progress.settle()
    return _saved(tx, progress, command, context, "step.skipped", task)


def _locked(tx: SteerTx, command: SteerStep, context: CallContext) -> Progress:
    _, case = locked_to_steer(tx, context, command.case_id)
    return progress_of(tx, case)


def _task(progress: Progress, name: str) -> Task:
    named = [task for task in progress.case.tasks if task.name == name]
    if not named:
        progress.case.step(name)
        raise StepNotFound
    return named[0]


def _saved(
    tx: SteerTx, progress: Progress, command: SteerStep, context: CallContext, action: str, task: Task,
) -> CaseSummaryView:
    put_on_record(tx, context, progress.case, action, command.reason, {"step": task.name, "state": task.state})
    save(tx, progress)
    return case_summary(progress.case, locale=locale_of(context), now=progress.now)
