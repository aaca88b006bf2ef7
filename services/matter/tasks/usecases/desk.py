"""An officer at the desk: who acts, and the waiting step that a command is about."""
from __future__ import annotations

from typing import TYPE_CHECKING

from services.matter.cases.domain import states
from services.matter.cases.domain.case import STEP, Case, Task
from services.matter.cases.domain.errors import StepNotFound
from services.matter.tasks.domain.errors import (
    DeskOfOthers,
    OfficerNeeded,
    OwnCase,
    TaskNotClaimed,
    TaskNotOpen,
    TaskTaken,
)
from shared_components.kernel.acting import OFFICER, Acting
from shared_components.kernel.bilingual import Bilingual

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


def officer_of(context: CallContext) -> Acting:
    """Give the officer who acts. Raises OfficerNeeded."""
    acting = context.acting
    if acting is None or acting.kind != OFFICER:
        raise OfficerNeeded(Bilingual(
            "no officer acts; an officer's session is needed", "没有工作人员会话；须由工作人员登录后办理"))
    return acting


def require_disinterested(case: Case, officer: str) -> None:
    """Raises OwnCase for the officer who is the applicant. officer: a subject."""
    if officer == case.applicant_subject:
        raise OwnCase(Bilingual(
            f"case {case.id} is the officer's own application; another officer works on it",
            f"办件 {case.id} 是该工作人员本人的申请；须由其他工作人员办理"))


def waiting_task(case: Case, step: str) -> Task:
    """Give the step that waits for officers. Raises StepNotFound, TaskNotOpen."""
    task = case.step(step)
    if task.kind == "task" and task.desk is None:
        raise TaskNotOpen(Bilingual(
            f"step {step!r} of case {case.id} waits for the applicant; officers do it after the answer",
            f"办件 {case.id} 的步骤“{step}”正在等待申请人补正；补正后由工作人员继续办理"))
    if task.role != STEP or task.desk is None:
        raise StepNotFound(Bilingual(
            f"step {step!r} of case {case.id} is of kind {task.kind!r}; officers do steps of kind 'task'",
            f"办件 {case.id} 的步骤“{step}”类型为“{task.kind}”；工作人员办理 task 类型的步骤"))
    if task.state != states.WAITING:
        raise TaskNotOpen(Bilingual(
            f"step {step!r} of case {case.id} is {task.state!r}; only 'waiting' is done by officers",
            f"办件 {case.id} 的步骤“{step}”状态为“{task.state}”；只有“waiting”待工作人员办理"))
    return task


def require_desk(task: Task, officer: Acting) -> None:
    """Raises DeskOfOthers for an officer without the role that the step asks for."""
    if task.desk not in officer.roles:
        raise DeskOfOthers(Bilingual(
            f"step {task.name!r} is for officers with role {task.desk!r}; the session has "
            f"{', '.join(sorted(officer.roles)) or 'none'}",
            f"步骤“{task.name}”由岗位“{task.desk}”办理；当前会话的岗位为 {'、'.join(sorted(officer.roles)) or '无'}"))


def claimed_task(case: Case, step: str, officer: Acting) -> Task:
    """Give the waiting step that the officer has taken.

    Raises StepNotFound, TaskNotOpen, DeskOfOthers, TaskNotClaimed, TaskTaken.
    """
    task = waiting_task(case, step)
    require_desk(task, officer)
    require_claimed(task, officer)
    return task


def require_claimed(task: Task, officer: Acting) -> None:
    """Raises TaskNotClaimed, TaskTaken."""
    if task.claimed_by is None:
        raise TaskNotClaimed(Bilingual(
            f"step {task.name!r} is claimed by nobody; claim_task comes first",
            f"步骤“{task.name}”尚未领取；请先 claim_task"))
    if task.claimed_by != officer.subject:
        raise taken(task)


def taken(task: Task) -> TaskTaken:
    """Make an error that does not name the other officer."""
    return TaskTaken(Bilingual(
        f"step {task.name!r} was taken by another officer", f"步骤“{task.name}”已由其他工作人员领取"))
