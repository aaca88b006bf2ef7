"""Ask the applicant for all that is missing, once; the case waits, and its limits stand still."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from services.matter.cases.domain import course, states
from services.matter.cases.domain.case import Task
from services.matter.cases.domain.procedure import SUPPLEMENT, Procedure
from services.matter.cases.domain.progress import Progress
from services.matter.cases.domain.supplement import Supplement, stop_clocks, told_until
from services.matter.cases.domain.timeline import entry
from services.matter.cases.usecases.case_progress import ChangeCaseTx, progress_of, save
from services.matter.cases.usecases.views import CaseSummaryView, case_summary, locale_of
from services.matter.kinds.task.lines import SUPPLEMENT_ASKED
from services.matter.tasks.domain.errors import SupplementAlreadyAsked, SupplementFieldUnknown, SupplementTooLate
from services.matter.tasks.usecases.desk import claimed_task, officer_of
from shared_components.kernel.bilingual import Bilingual, listed_zh
from shared_components.kernel.working_days import YearNotLoaded, end_of_day, local_date

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

ANSWER_WITHIN_WORKING_DAYS = 15


@dataclass(frozen=True, slots=True)
class RequestSupplement:
    """items: all that is missing, in words for the applicant. fields: fields of the form that may be changed.

    working_days: within which the applicant is to answer.
    """

    case_id: str
    step: str
    items: Sequence[str] = field(repr=False)
    fields: Sequence[str] = ()
    working_days: int = ANSWER_WITHIN_WORKING_DAYS


def request_supplement(tx: ChangeCaseTx, command: RequestSupplement, context: CallContext) -> CaseSummaryView:
    """Tell the applicant once what is missing.

    Raises OfficerNeeded, CaseNotFound, StepNotFound, TaskNotOpen, DeskOfOthers, TaskNotClaimed, TaskTaken,
    SupplementAlreadyAsked, SupplementTooLate, SupplementFieldUnknown.
    """
    officer = officer_of(context)
    case = tx.cases.lock(context, command.case_id)
    task = claimed_task(case, command.step, officer)
    progress = progress_of(tx, case)
    _require_time(progress)
    _require_fields(progress, command.fields)
    Supplement(
        step=task.name, desk=str(task.desk), claimed_by=officer.subject, items=tuple(command.items),
        fields=tuple(command.fields), asked_at=progress.now.isoformat(),
        due_at=_answered_until(progress, command.working_days)).keep(case)
    task.desk = task.claimed_by = None
    stop_clocks(progress)
    _tell(progress, task)
    save(tx, progress)
    return case_summary(case, locale=locale_of(context), now=progress.now)


def _require_time(progress: Progress) -> None:
    case = progress.case
    if case.state != states.RUNNING or Supplement.of(case) is not None:
        raise SupplementAlreadyAsked(Bilingual(
            f"case {case.id} is {case.state!r} and was asked for a supplement before; once is allowed",
            f"办件 {case.id}（{case.state}）已告知过补正；须一次性告知，只允许一次"))
    if not course.is_received(case):
        raise SupplementTooLate(Bilingual(
            f"case {case.id} is {case.stage!r}; only a 'received' one is told of a supplement",
            f"办件 {case.id} 的办理阶段为“{case.stage}”；只有“received”（已收件、尚未受理）时可以告知补正"))
    until = told_until(progress)
    if until is not None and progress.now > until:
        raise SupplementTooLate(Bilingual(
            f"case {case.id} was to be told by {until.isoformat()}; now it counts as accepted on the day of receipt",
            f"办件 {case.id} 应在 {until.isoformat()} 前一次性告知补正；逾期未告知的，自收到申请材料之日起即为受理"))


def _answered_until(progress: Progress, working_days: int) -> str:
    try:
        return progress.calendar.due(progress.now, working_days).isoformat()
    except YearNotLoaded:
        # The applicant needs a day now. Twice as many calendar days hold them, with the holidays of any year.
        return end_of_day(local_date(progress.now + timedelta(days=2 * working_days + 7))).isoformat()


def _require_fields(progress: Progress, fields: Sequence[str]) -> None:
    known = progress.definition.form["properties"]
    unknown = [name for name in fields if name not in known]
    if unknown:
        raise SupplementFieldUnknown(Bilingual(
            f"fields has {', '.join(unknown)}, which the form has not; it has {', '.join(known)}",
            f"fields 中的 {listed_zh(unknown)} 不是表单字段；表单字段为{listed_zh(known)}"))


def _tell(progress: Progress, task: Task) -> None:
    title = progress.definition.step(task.name).title
    progress.case.tell(entry(progress.now, SUPPLEMENT_ASKED, step=task.name, title=title))
    if Procedure.of(progress.case) is None:
        progress.events.append("supplement-requested")
    course.move(progress, SUPPLEMENT)
    course.issue(progress)
    progress.notify("supplement")
