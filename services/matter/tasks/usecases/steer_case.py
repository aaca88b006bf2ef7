"""Pause a case, resume it, or end it and undo what was done; each with a reason, on record."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from services.matter.cases.domain import states
from services.matter.cases.domain.case import Case
from services.matter.cases.domain.pausing import end_pause, pause, pause_of
from services.matter.cases.domain.progress import Progress
from services.matter.cases.domain.timeline import Line, entry
from services.matter.cases.usecases.case_progress import progress_of, save
from services.matter.cases.usecases.views import CaseSummaryView, case_summary, locale_of
from services.matter.kinds.task.lines import ENDING, PAUSED, RESUMED
from services.matter.tasks.domain.errors import CaseNotPaused, CaseNotRunning
from services.matter.tasks.usecases.steering import SteerTx, locked_to_steer, put_on_record
from shared_components.kernel.bilingual import Bilingual

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

ENDED = "matter.ended-by-department"


@dataclass(frozen=True, slots=True)
class SteerCase:
    """reason: at most 200 characters. The applicant reads it only where a case is ended."""

    case_id: str
    reason: str = field(repr=False)


def pause_case(tx: SteerTx, command: SteerCase, context: CallContext) -> CaseSummaryView:
    """Hold a running case; a paused one stays paused. Raises OfficerNeeded, CaseNotFound, OwnCase, CaseNotRunning."""
    by, case = locked_to_steer(tx, context, command.case_id)
    progress = progress_of(tx, case)
    if case.state not in (states.RUNNING, states.COMPENSATING):
        raise _not_running(case)
    if pause_of(case) is None:
        pause(case, by=by, at=progress.now)
        _tell(progress, PAUSED)
        put_on_record(tx, context, case, "case.paused", command.reason)
    return _saved(tx, progress, context)


def resume_case(tx: SteerTx, command: SteerCase, context: CallContext) -> CaseSummaryView:
    """Let a paused case go on. Raises OfficerNeeded, CaseNotFound, OwnCase, CaseNotPaused."""
    _, case = locked_to_steer(tx, context, command.case_id)
    if pause_of(case) is None:
        raise CaseNotPaused(Bilingual(
            f"case {case.id} is {case.state!r} and not paused; only a paused case is resumed",
            f"办件 {case.id} 的状态为“{case.state}”，未暂停；只有已暂停的办件可以恢复"))
    progress = progress_of(tx, case)
    end_pause(case)
    _tell(progress, RESUMED)
    put_on_record(tx, context, case, "case.resumed", command.reason)
    progress.settle()
    return _saved(tx, progress, context)


def compensate_case(tx: SteerTx, command: SteerCase, context: CallContext) -> CaseSummaryView:
    """End a running case and undo what was done, such as a payment; a pause ends with it.

    Raises OfficerNeeded, CaseNotFound, OwnCase, CaseNotRunning.
    """
    _, case = locked_to_steer(tx, context, command.case_id)
    if case.state != states.RUNNING:
        raise _not_running(case)
    progress = progress_of(tx, case)
    end_pause(case)
    _tell(progress, ENDING)
    put_on_record(tx, context, case, "case.ended", command.reason)
    progress.stop(to=states.TERMINATED, code=ENDED, zh=command.reason, en=command.reason)
    progress.settle()
    return _saved(tx, progress, context)


def _tell(progress: Progress, line: Line) -> None:
    progress.case.tell(entry(progress.now, line))


def _saved(tx: SteerTx, progress: Progress, context: CallContext) -> CaseSummaryView:
    save(tx, progress)
    return case_summary(progress.case, locale=locale_of(context), now=progress.now)


def _not_running(case: Case) -> CaseNotRunning:
    return CaseNotRunning(Bilingual(
        f"case {case.id} is {case.state!r}; only 'running' (to pause, also 'compensating') is allowed",
        f"办件 {case.id} 的状态为“{case.state}”；只允许“running”（暂停也允许“compensating”）"))
