"""Errors of cases."""
from __future__ import annotations

from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import Conflict, Forbidden, InvalidInput, NotFound


class CaseNotFound(NotFound):
    code = "matter.case-not-found"
    texts = {"en": "There is no such case.", "zh": "办件不存在。"}


def unknown_case(case_id: str) -> CaseNotFound:
    """Also for another tenant's case: nobody learns that it exists."""
    return CaseNotFound(Bilingual(
        f"there is no case {case_id[:64]!r}",
        f"办件 {case_id[:64]} 不存在"))


class StepNotFound(NotFound):
    code = "matter.step-not-found"
    texts = {"en": "The case has no such step.", "zh": "办件没有此环节。"}


class ApplicantMismatch(Forbidden):
    code = "matter.applicant-mismatch"
    texts = {"en": "Only the applicant may do this.", "zh": "仅申请人本人可以操作。"}


class CaseNotCovered(Forbidden):
    """The session or the mandate covers cases of other matters."""

    code = "matter.case-not-covered"
    texts = {
        "en": "The session or the mandate does not cover this matter.", "zh": "会话授权范围或授权经办不包括该事项。"}


def not_covered(matter_code: str) -> CaseNotCovered:
    return CaseNotCovered(Bilingual(
        f"the session or the mandate does not cover cases of matter {matter_code!r}",
        f"会话授权范围或授权经办不包括事项 {matter_code} 的办件"))


class ApplicantMissing(InvalidInput):
    code = "matter.applicant-missing"
    texts = {"en": "The applicant is not named.", "zh": "缺少申请主体。"}


class MaterialsMissing(InvalidInput):
    """details.materials: names of those that are required and were not given."""

    code = "matter.materials-missing"
    texts = {"en": "Required materials are missing.", "zh": "缺少必须提交的材料。"}


class CaseAlreadyOpen(Conflict):
    """details: case_id, the open case (of several the newest); case_ids, all of them; most, how many are allowed."""

    code = "matter.case-already-open"
    texts = {
        "en": "You already have an application for this that is being processed; apply again after it has ended.",
        "zh": "您已有一件同一事项的申请正在办理，办结或撤回后方可再次申请。",
    }


class CaseNotEditable(Conflict):
    code = "matter.case-not-editable"
    texts = {"en": "The case can no longer be changed.", "zh": "办件已提交，不能修改。"}


class CaseNotWithdrawable(Conflict):
    code = "matter.case-not-withdrawable"
    texts = {"en": "The case can no longer be withdrawn.", "zh": "办件当前不能撤回。"}


class StepNotRetryable(Conflict):
    code = "matter.step-not-retryable"
    texts = {"en": "Only a stuck step can be retried.", "zh": "只有受阻的环节可以重试。"}
