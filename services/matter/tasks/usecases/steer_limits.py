"""Extend the limits of a case once, and stop and restart its clock; each is told to the applicant, and on record."""
from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from services.matter.cases.domain import clock
from services.matter.cases.domain.procedure import CAUSES, Extension, Procedure, Stop
from services.matter.cases.domain.progress import Progress
from services.matter.cases.domain.timeline import entry
from services.matter.cases.usecases.case_progress import progress_of, save
from services.matter.cases.usecases.own_case import OneCase
from services.matter.cases.usecases.views import CaseSummaryView, case_summary, locale_of
from services.matter.definitions.domain.documents import EXTENSION
from services.matter.kinds.task.lines import CLOCK_RESTARTED, CLOCK_STOPPED, EXTENDED
from services.matter.tasks.domain.errors import CaseNotAccepted, ClockNotStopped, ClockStopped, LimitsNotExtendable
from services.matter.tasks.usecases.steering import SteerTx, locked_to_steer, put_on_record
from shared_components.kernel.bilingual import Bilingual

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


@dataclass(frozen=True, slots=True)
class ExtendCase:
    """reason: the applicant is told it; at most 200 characters."""

    case_id: str
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class StopClock:
    """cause: hearing, inspection or expert-review. expected_working_days: the applicant is told them."""

    case_id: str
    cause: str
    expected_working_days: int


def extend_case(tx: SteerTx, command: ExtendCase, context: CallContext) -> CaseSummaryView:
    """Extend the limits by what the definition or the law allows, once.

    Raises OfficerNeeded, CaseNotFound, OwnCase, CaseNotAccepted, LimitsNotExtendable.
    """
    by, progress, procedure = _accepted(tx, context, command.case_id)
    rules = progress.definition.procedure
    if procedure.extension is not None or not rules.legal.extension:
        why = "extended before" if procedure.extension is not None else "not extendable by its definition"
        zh = "已延长过" if procedure.extension is not None else "按定义不得延长"
        raise LimitsNotExtendable(Bilingual(
            f"limits of case {command.case_id} are {why}; one extension is allowed where the definition has one",
            f"办件 {command.case_id} 的期限{zh}；定义允许时可延长一次"))
    replace(procedure, extension=Extension(by, command.reason, progress.now.isoformat())).keep(progress.case)
    clock.wind(progress)
    progress.case.tell(entry(progress.now, EXTENDED, {"reason": command.reason}))
    progress.issue(EXTENSION)
    return _told(tx, progress, context, "extended", "limits.extended", command.reason)


def stop_clock(tx: SteerTx, command: StopClock, context: CallContext) -> CaseSummaryView:
    """Stop the limits for a hearing, an inspection or an expert review.

    Raises OfficerNeeded, CaseNotFound, OwnCase, CaseNotAccepted, ClockStopped.
    """
    _, progress, procedure = _accepted(tx, context, command.case_id)
    if procedure.stopped is not None:
        raise ClockStopped(Bilingual(
            f"the clock of case {command.case_id} stands for {procedure.stopped.cause!r}; a running one is stopped",
            f"办件 {command.case_id} 的期限已因“{CAUSES[procedure.stopped.cause].zh}”停止计算；只能停止正在计算的期限"))
    stop = Stop(command.cause, progress.now.isoformat(), command.expected_working_days)
    replace(procedure, stops=(*procedure.stops, stop)).keep(progress.case)
    clock.stop_steps(progress)
    clock.wind(progress)
    cause = CAUSES[command.cause]
    progress.case.tell(entry(progress.now, CLOCK_STOPPED, {
        "cause_zh": cause.zh, "cause_en": str(cause), "days": str(command.expected_working_days)}))
    return _told(tx, progress, context, "clock-stopped", "clock.stopped", command.cause)


def restart_clock(tx: SteerTx, command: OneCase, context: CallContext) -> CaseSummaryView:
    """Let the limits run on: the time that they stood does not count.

    Raises OfficerNeeded, CaseNotFound, OwnCase, CaseNotAccepted, ClockNotStopped.
    """
    _, progress, procedure = _accepted(tx, context, command.case_id)
    stopped = procedure.stopped
    if stopped is None:
        raise ClockNotStopped(Bilingual(
            f"the clock of case {command.case_id} runs; only a stopped one is restarted",
            f"办件 {command.case_id} 的期限正在计算；只能恢复已停止的期限"))
    ended = replace(stopped, ended_at=progress.now.isoformat())
    replace(procedure, stops=(*procedure.stops[:-1], ended)).keep(progress.case)
    clock.restart_steps(progress, datetime.fromisoformat(stopped.begun_at))
    clock.wind(progress)
    progress.case.tell(entry(progress.now, CLOCK_RESTARTED))
    return _told(tx, progress, context, "clock-restarted", "clock.restarted", stopped.cause)


def _accepted(tx: SteerTx, context: CallContext, case_id: str) -> tuple[str, Progress, Procedure]:
    by, case = locked_to_steer(tx, context, case_id)
    procedure = Procedure.of(case)
    if procedure is None or not procedure.is_undecided:
        raise CaseNotAccepted(Bilingual(
            f"case {case.id} is {case.stage!r}; only 'accepted' and 'examined' ones have limits that run",
            f"办件 {case.id} 的办理阶段为“{case.stage}”；只有“accepted”和“examined”阶段的期限在计算"))
    return by, progress_of(tx, case), procedure


def _told(
    tx: SteerTx, progress: Progress, context: CallContext, moment: str, action: str, reason: str,
) -> CaseSummaryView:
    """Tell apps and applicant, and leave a record."""
    progress.events.append(f"case-{moment}")
    progress.notify(moment)
    put_on_record(tx, context, progress.case, action, reason)
    save(tx, progress)
    return case_summary(progress.case, locale=locale_of(context), now=progress.now)
