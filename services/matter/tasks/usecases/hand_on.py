"""Hand a step on: to officers with another role (escalate), or to a colleague (delegate); each with a reason."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from services.matter.cases.domain.case import Case, Task
from services.matter.cases.domain.timeline import entry
from services.matter.cases.usecases.case_progress import progress_of, save
from services.matter.cases.usecases.views import CaseSummaryView, case_summary, locale_of
from services.matter.kinds.task.lines import ESCALATED
from services.matter.tasks.domain.errors import SameDesk
from services.matter.tasks.usecases.desk import claimed_task, officer_of
from services.matter.tasks.usecases.steering import SteerTx, put_on_record
from shared_components.kernel.bilingual import Bilingual

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


@dataclass(frozen=True, slots=True)
class EscalateCase:
    """role: of the officers who are to do the step. reason: they read it; at most 200 characters."""

    case_id: str
    step: str
    role: str
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DelegateTask:
    """officer: the colleague's subject. reason: the colleague reads it; at most 200 characters."""

    case_id: str
    step: str
    officer: str
    reason: str = field(repr=False)


def escalate_case(tx: SteerTx, command: EscalateCase, context: CallContext) -> CaseSummaryView:
    """Put the step into the inbox of another role; the case itself is not decided.

    Raises OfficerNeeded, CaseNotFound, StepNotFound, TaskNotOpen, DeskOfOthers, TaskNotClaimed, TaskTaken, SameDesk.
    """
    officer = officer_of(context)
    case = tx.cases.lock(context, command.case_id)
    task = claimed_task(case, command.step, officer)
    if task.desk == command.role:
        raise _same(command.role)
    _note(tx, context, case, task, "step.escalated", command.reason, to=command.role)
    task.desk, task.claimed_by = command.role, None
    progress = progress_of(tx, case)
    title = progress.definition.step(task.name).title
    case.tell(entry(progress.now, ESCALATED, step=task.name, title=title))
    save(tx, progress)
    return case_summary(case, locale=locale_of(context), now=progress.now)


def delegate_task(tx: SteerTx, command: DelegateTask, context: CallContext) -> CaseSummaryView:
    """Give a step that one has taken to a colleague, who needs the step's role to do it.

    Raises OfficerNeeded, CaseNotFound, StepNotFound, TaskNotOpen, DeskOfOthers, TaskNotClaimed, TaskTaken, SameDesk.
    """
    officer = officer_of(context)
    case = tx.cases.lock(context, command.case_id)
    task = claimed_task(case, command.step, officer)
    if command.officer == officer.subject:
        raise _same(command.officer)
    _note(tx, context, case, task, "step.delegated", command.reason, to=command.officer)
    task.claimed_by = command.officer
    progress = progress_of(tx, case)
    save(tx, progress)
    return case_summary(case, locale=locale_of(context), now=progress.now)


def _same(where: str) -> SameDesk:
    return SameDesk(Bilingual(
        f"step is at {where!r} already; another role or officer is allowed",
        f"该环节已在“{where}”处；须选择其他岗位或工作人员"))


def _note(
    tx: SteerTx, context: CallContext, case: Case, task: Task, action: str, reason: str, *, to: str,
) -> None:
    """Keep the reason with the step, for who does it next."""
    note = {"action": action, "to": to, "reason": reason, "at": tx.clock.now().isoformat()}
    task.signal = {**(task.signal or {}), "notes": [*(task.signal or {}).get("notes", ()), note]}
    put_on_record(tx, context, case, action, reason, {"step": task.name, "from": str(task.desk), "to": to})
