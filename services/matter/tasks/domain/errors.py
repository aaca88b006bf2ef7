"""Errors of officers' work."""
from __future__ import annotations

from shared_components.kernel.errors import Conflict, Forbidden, InvalidInput


class OfficerNeeded(Forbidden):
    """The call has no officer's session."""

    code = "matter.officer-needed"
    texts = {"en": "Only an officer in an own session may do this.", "zh": "须由工作人员登录后办理。"}


class DeskOfOthers(Forbidden):
    """The officer's roles do not include the one that the step asks for."""

    code = "matter.desk-of-others"
    texts = {"en": "Officers with another role do this step.", "zh": "该环节由其他岗位办理。"}


class TaskNotOpen(Conflict):
    code = "matter.task-not-open"
    texts = {"en": "The step does not wait for an officer.", "zh": "该环节当前不待工作人员办理。"}


class TaskTaken(Conflict):
    code = "matter.task-taken"
    texts = {"en": "Another officer has taken the step.", "zh": "该环节已由其他工作人员领取。"}


class TaskNotClaimed(Conflict):
    code = "matter.task-not-claimed"
    texts = {"en": "Claim the step before you decide.", "zh": "请先领取该环节再作决定。"}


class SupplementAlreadyAsked(Conflict):
    """All that is missing is told at once: nobody is asked twice."""

    code = "matter.supplement-already-asked"
    texts = {"en": "The applicant was asked for a supplement before.", "zh": "已一次性告知过补正内容，不得再次要求。"}


class SupplementTooLate(Conflict):
    """Five working days have passed since the receipt: the application counts as accepted."""

    code = "matter.supplement-too-late"
    texts = {"en": "A supplement can no longer be asked for.", "zh": "已超过一次性告知补正的期限，视为受理。"}


class SupplementFieldUnknown(InvalidInput):
    code = "matter.supplement-field-unknown"
    texts = {"en": "The form has no such field.", "zh": "表单没有该字段。"}


class SupplementNotAwaited(Conflict):
    code = "matter.supplement-not-awaited"
    texts = {"en": "No supplement is awaited.", "zh": "当前没有待补正事项。"}


class StepUnderWay(Conflict):
    """A step that may have had its effect is asked again; it goes on in seconds, or staff look at it."""

    code = "matter.step-under-way"
    texts = {"en": "A step of the case is under way; try again soon.", "zh": "有环节正在办理，请稍后再试。"}


class CaseNotRunning(Conflict):
    code = "matter.case-not-running"
    texts = {"en": "The case is not being processed.", "zh": "办件不在办理中。"}


class CaseNotPaused(Conflict):
    code = "matter.case-not-paused"
    texts = {"en": "The case is not paused.", "zh": "办件未暂停。"}


class StepNotRunnable(Conflict):
    code = "matter.step-not-runnable"
    texts = {"en": "The step cannot be run now.", "zh": "该环节当前不能立即执行。"}


class StepNotSkippable(Conflict):
    """The step has ended, or may have had its effect."""

    code = "matter.step-not-skippable"
    texts = {"en": "The step cannot be skipped.", "zh": "该环节不能跳过。"}


class SameDesk(Conflict):
    """A step is handed on to where it is."""

    code = "matter.same-desk"
    texts = {"en": "The step is there already.", "zh": "该环节已在该岗位或工作人员处。"}


class SameOfficer(Forbidden):
    """An officer countersigns the own proposal."""

    code = "matter.same-officer"
    texts = {"en": "Another officer must countersign.", "zh": "须由另一名工作人员复核。"}


class OwnCase(Forbidden):
    """An officer works on the case of the own application (回避)."""

    code = "matter.own-case"
    texts = {"en": "Another officer must work on your own application.", "zh": "本人的申请须由其他工作人员办理。"}


class ReasonMissing(InvalidInput):
    """A refusal, a return and a delegation are given with their reason."""

    code = "matter.reason-missing"
    texts = {"en": "A reason is needed.", "zh": "须说明理由。"}


class CaseNotReceived(Conflict):
    """The application was accepted, declined or decided before."""

    code = "matter.case-not-received"
    texts = {"en": "The application is not waiting to be accepted.", "zh": "办件不处于待受理状态。"}


class CaseNotAccepted(Conflict):
    """No limit runs before the acceptance, and none after the decision."""

    code = "matter.case-not-accepted"
    texts = {"en": "No limit of the case runs now.", "zh": "办件当前没有正在计算的期限。"}


class LimitsNotExtendable(Conflict):
    code = "matter.limits-not-extendable"
    texts = {"en": "The limits cannot be extended.", "zh": "期限不能延长。"}


class ClockStopped(Conflict):
    code = "matter.clock-stopped"
    texts = {"en": "The clock of the case stands already.", "zh": "办件期限已停止计算。"}


class ClockNotStopped(Conflict):
    code = "matter.clock-not-stopped"
    texts = {"en": "The clock of the case runs.", "zh": "办件期限正在计算。"}
