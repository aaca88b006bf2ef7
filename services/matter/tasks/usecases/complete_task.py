"""Decide on a step: approve or refuse with a reason; where the definition says so, another officer agrees first."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from services.matter.cases.domain.case import Task
from services.matter.cases.domain.outcomes import Done, Outcome, Refused, Story
from services.matter.cases.domain.progress import Progress
from services.matter.cases.domain.recording import record
from services.matter.cases.domain.timeline import Line, entry
from services.matter.cases.usecases.case_progress import ChangeCaseTx, progress_of, save
from services.matter.cases.usecases.views import CaseSummaryView, case_summary, locale_of
from services.matter.definitions.domain.forms import check_form
from services.matter.definitions.domain.model import Step
from services.matter.kinds.task.lines import PROPOSED, RETURNED
from services.matter.tasks.domain.errors import ReasonMissing
from services.matter.tasks.usecases.claim_task import require_another
from services.matter.tasks.usecases.desk import claimed_task, officer_of, require_disinterested
from services.matter.tasks.usecases.views import proposal_of
from shared_components.kernel.bilingual import Bilingual

if TYPE_CHECKING:
    from shared_components.kernel.acting import Acting
    from shared_components.kernel.calls import CallContext

APPROVE, REFUSE = "approve", "refuse"
DECISIONS = (APPROVE, REFUSE)
EMPTY_FORM: Mapping[str, Any] = {"type": "object", "properties": {}}


@dataclass(frozen=True, slots=True)
class CompleteTask:
    """decision: approve or refuse. reason: the applicant reads it; needed to refuse, and to disagree with a proposal.

    form: what the step's own form asks of the officer. To countersign, decide as the proposal does, without a form.
    """

    case_id: str
    step: str
    decision: str
    reason: str | None = field(default=None, repr=False)
    form: Mapping[str, Any] = field(default_factory=dict, repr=False)


def complete_task(tx: ChangeCaseTx, command: CompleteTask, context: CallContext) -> CaseSummaryView:
    """Record an officer's decision.

    Raises OfficerNeeded, CaseNotFound, StepNotFound, TaskNotOpen, DeskOfOthers, TaskNotClaimed, TaskTaken,
    SameOfficer, OwnCase, ReasonMissing, FormInvalid.
    """
    officer = officer_of(context)
    case = tx.cases.lock(context, command.case_id)
    task = claimed_task(case, command.step, officer)
    require_disinterested(case, officer.subject)
    require_another(task, officer)
    progress = progress_of(tx, case)
    step = progress.definition.step(task.name)
    proposal = proposal_of(task)
    if proposal is None:
        _decide(tx, progress, task, step, command, officer)
    else:
        _countersign(tx, progress, task, step, command, proposal, officer)
    save(tx, progress)
    return case_summary(case, locale=locale_of(context), now=progress.now)


def _decide(
    tx: ChangeCaseTx, progress: Progress, task: Task, step: Step, command: CompleteTask, officer: Acting,
) -> None:
    form = dict(command.form)
    if command.decision == REFUSE:
        _require_reason(command)
    else:
        form = check_form(step.settings.get("form", EMPTY_FORM), form, complete=True)
    decided = {"decision": command.decision, "reason": command.reason, "form": form, "by": officer.subject}
    reviewer = step.settings.get("countersign")
    if reviewer is None:
        _settle(tx, progress, task, decided, [officer.subject])
        return
    task.signal = {**(task.signal or {}), "proposal": decided}
    task.desk, task.claimed_by = reviewer, None
    _tell(progress, task, step, PROPOSED)


def _countersign(
    tx: ChangeCaseTx, progress: Progress, task: Task, step: Step, command: CompleteTask,
    proposal: Mapping[str, Any], officer: Acting,
) -> None:
    if command.decision == proposal["decision"]:
        _settle(tx, progress, task, proposal, [proposal["by"], officer.subject])
        return
    _require_reason(command)
    returned = {"by": officer.subject, "reason": command.reason, "at": progress.now.isoformat()}
    kept = {name: value for name, value in (task.signal or {}).items() if name != "proposal"}
    task.signal = {**kept, "returned": [*kept.get("returned", ()), returned]}
    task.desk, task.claimed_by = step.settings["role"], None
    _tell(progress, task, step, RETURNED)


def _settle(
    tx: ChangeCaseTx, progress: Progress, task: Task, decided: Mapping[str, Any], officers: list[str],
) -> None:
    task.settings = {**task.settings, "decided_by": officers}
    task.claimed_by = None
    record(progress, task, _outcome(decided), tx.engine.retry)


def _outcome(decided: Mapping[str, Any]) -> Outcome:
    if decided["decision"] == APPROVE:
        return Done(result=dict(decided["form"]))
    reason = str(decided["reason"])
    return Refused(code="matter.refused-by-officer", zh=reason, en=reason)


def _require_reason(command: CompleteTask) -> None:
    if not (command.reason or "").strip():
        raise ReasonMissing(Bilingual(
            "reason is empty; the applicant must be told why", "理由为空；须向申请人说明理由"),
            details={"fields": {"reason": [Bilingual("A reason is needed.", "须说明理由。")]}})


def _tell(progress: Progress, task: Task, step: Step, line: Line) -> None:
    progress.case.tell(entry(progress.now, Story(line).line, step=task.name, title=step.title))
