"""How an outcome changes a case: one function for each kind of outcome."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from services.matter.cases.domain import outcomes, states
from services.matter.cases.domain.case import NOTICE, STEP, Task
from services.matter.cases.domain.outcomes import Outcome, Story
from services.matter.cases.domain.progress import Progress
from services.matter.cases.domain.timeline import STEP_COMPLETED, STEP_REFUSED, STEP_STUCK, entry
from services.matter.definitions.domain.model import Text

FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 900.0


@dataclass(frozen=True)
class RetryPolicy:
    """stuck_after_attempts: how often a task is asked before people are asked to look at it."""

    stuck_after_attempts: int = 12

    def wait(self, attempts: int, retry_after_s: float | None) -> timedelta:
        """Twice as long each time, up to a quarter of an hour; never sooner than the component asked for."""
        grown = min(FIRST_WAIT_S * 2 ** (min(attempts, 20) - 1), LONGEST_WAIT_S)
        return timedelta(seconds=max(grown, min(retry_after_s or 0.0, LONGEST_WAIT_S)))


def record(progress: Progress, task: Task, outcome: Outcome, policy: RetryPolicy) -> None:
    """Apply what came of a running task, and draw the conclusions."""
    if outcome.applicant is not None and progress.case.applicant is None:
        progress.case.applicant = outcome.applicant
    task.claim = task.lease_until = None
    _RECORDERS[type(outcome)](progress, task, outcome, policy)
    progress.settle()


def complete(progress: Progress, task: Task, result: dict[str, Any], stories: tuple[Story, ...]) -> None:
    """Also used for what comes from outside: a callback, a payment."""
    task.result, task.error, task.signal = {**task.result, **result}, None, None
    progress.case.finish(task, states.COMPLETED, progress.now)
    if task.role == NOTICE:
        return
    _tell(progress, task, stories or ((Story(STEP_COMPLETED),) if task.role == STEP else ()))
    if task.role == STEP:
        progress.notify(task.name)


def refuse(progress: Progress, task: Task, *, code: str, zh: str, en: str) -> None:
    """A step that says no. The case follows unless the step is optional."""
    task.error = {"category": "refused", "code": code, "zh": zh, "en": en, "message": en}
    progress.case.finish(task, states.REFUSED, progress.now)
    if task.role == STEP:
        _tell(progress, task, (Story(STEP_REFUSED, {"reason_zh": zh, "reason_en": en}),))


def _done(progress: Progress, task: Task, outcome: outcomes.Done, policy: RetryPolicy) -> None:
    complete(progress, task, outcome.result, outcome.stories)


def _waiting(progress: Progress, task: Task, outcome: outcomes.Waiting, policy: RetryPolicy) -> None:
    first_time = not task.result
    task.result = {**task.result, **outcome.result}
    task.error = None
    task.move(states.WAITING)
    task.due_at = progress.now + outcome.poll_after if outcome.poll_after else None
    if first_time:
        _tell(progress, task, outcome.stories)
        document = progress.rules.of(task.kind).document
        if document is not None and task.role == STEP:
            progress.issue(document, task)
    if task.signal is not None:
        # It came while the call was under way: look at it at once.
        task.due_at = progress.now


def _refused(progress: Progress, task: Task, outcome: outcomes.Refused, policy: RetryPolicy) -> None:
    task.result = {**task.result, **outcome.result}
    if task.role == STEP:
        refuse(progress, task, code=outcome.code, zh=outcome.zh, en=outcome.en)
    else:
        # A compensation and a notice are owed: a no to them is never the end.
        _stick(progress, task, {"category": "refused", "code": outcome.code, "message": outcome.en})


def _not_needed(progress: Progress, task: Task, outcome: outcomes.NotNeeded, policy: RetryPolicy) -> None:
    progress.case.finish(task, states.SKIPPED, progress.now)


def _undone(progress: Progress, task: Task, outcome: outcomes.Undone, policy: RetryPolicy) -> None:
    progress.case.finish(task, states.CANCELLED, progress.now)


def _try_again(progress: Progress, task: Task, outcome: outcomes.TryAgain, policy: RetryPolicy) -> None:
    if task.attempts >= policy.stuck_after_attempts:
        _stick(progress, task, dict(outcome.error))
        return
    task.error = dict(outcome.error)
    task.move(states.READY)
    task.due_at = progress.now + policy.wait(task.attempts, outcome.retry_after_s)


def _stuck(progress: Progress, task: Task, outcome: outcomes.Stuck, policy: RetryPolicy) -> None:
    _stick(progress, task, dict(outcome.error))


def _stick(progress: Progress, task: Task, error: dict[str, Any]) -> None:
    task.error = error
    task.move(states.STUCK)
    task.due_at = None
    if task.role != NOTICE:
        _tell(progress, task, (Story(STEP_STUCK),))
    progress.events.append("case-failed")


def _tell(progress: Progress, task: Task, stories: tuple[Story, ...]) -> None:
    of = task.settings.get("of", task.name)
    title = progress.definition.step(of).title if task.role != NOTICE else Text("通知", "Notification")
    for story in stories:
        progress.case.tell(entry(progress.now, story.line, story.values, step=task.name, title=title))


_RECORDERS: dict[type[Outcome], Callable[[Progress, Task, Any, RetryPolicy], None]] = {
    outcomes.Done: _done,
    outcomes.Waiting: _waiting,
    outcomes.Refused: _refused,
    outcomes.NotNeeded: _not_needed,
    outcomes.Undone: _undone,
    outcomes.TryAgain: _try_again,
    outcomes.Stuck: _stuck,
}
