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


class SameOfficer(Forbidden):
    """An officer countersigns the own proposal."""

    code = "matter.same-officer"
    texts = {"en": "Another officer must countersign.", "zh": "须由另一名工作人员复核。"}


class ReasonMissing(InvalidInput):
    """A refusal, a return and a delegation are given with their reason."""

    code = "matter.reason-missing"
    texts = {"en": "A reason is needed.", "zh": "须说明理由。"}
