"""Accept an application (受理), or tell the applicant that it is not accepted (不予受理), with the reason."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from services.matter.cases.domain import course
from services.matter.cases.domain.outcomes import Refused
from services.matter.cases.domain.recording import record
from services.matter.cases.usecases.case_progress import ChangeCaseTx, progress_of, save
from services.matter.cases.usecases.views import CaseSummaryView, case_summary, locale_of
from services.matter.tasks.domain.errors import CaseNotReceived, ReasonMissing
from services.matter.tasks.usecases.desk import claimed_task, officer_of, require_disinterested
from shared_components.kernel.bilingual import Bilingual

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

ACCEPT, DECLINE = "accept", "decline"


@dataclass(frozen=True, slots=True)
class DecideAcceptance:
    """step: that the officer has taken. reason: needed to decline; the applicant reads it, at most 500 characters."""

    case_id: str
    step: str
    decision: str
    reason: str | None = field(default=None, repr=False)


def decide_acceptance(tx: ChangeCaseTx, command: DecideAcceptance, context: CallContext) -> CaseSummaryView:
    """Accept a received application, or decline it: the case then ends, and what was done is undone.

    Raises OfficerNeeded, CaseNotFound, StepNotFound, TaskNotOpen, DeskOfOthers, TaskNotClaimed, TaskTaken, OwnCase,
    CaseNotReceived, ReasonMissing.
    """
    officer = officer_of(context)
    case = tx.cases.lock(context, command.case_id)
    task = claimed_task(case, command.step, officer)
    require_disinterested(case, officer.subject)
    if case.stage is None or not course.is_received(case):
        raise CaseNotReceived(Bilingual(
            f"case {case.id} is {case.stage!r}; only a 'received' one is accepted or declined",
            f"办件 {case.id} 的办理阶段为“{case.stage}”；只有“received”（已收件）可以受理或不予受理"))
    progress = progress_of(tx, case)
    if command.decision == ACCEPT:
        course.accept(progress)
        progress.settle()
    else:
        if course.is_deemed(progress):
            raise CaseNotReceived(Bilingual(
                f"case {case.id} counts as accepted since nobody told of a supplement in five working days; "
                "only 'accept' is allowed",
                f"办件 {case.id} 逾期未告知补正，自收到申请材料之日起即为受理；只允许 accept（受理）"))
        reason = _reason(command)
        task.settings = {**task.settings, "decided_by": [officer.subject]}
        task.claimed_by = None
        record(
            progress, task, Refused(code=course.CODE_NOT_ACCEPTED, zh=reason, en=reason), tx.engine.retry)
    save(tx, progress)
    return case_summary(case, locale=locale_of(context), now=progress.now)


def _reason(command: DecideAcceptance) -> str:
    reason = (command.reason or "").strip()
    if not reason:
        raise ReasonMissing(Bilingual(
            "reason is empty; the applicant must be told why", "理由为空；须向申请人说明理由"),
            details={"fields": {"reason": [Bilingual("A reason is needed.", "须说明理由。")]}})
    return reason
