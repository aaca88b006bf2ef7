"""Errors of matter."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from services.matter.domain.problems import LinedProblem
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import Conflict, Forbidden, InvalidInput, NotFound, Unauthenticated

MOST_PROBLEMS = 100


class DefinitionInvalid(InvalidInput):
    """details.problems: every mistake with line, path, message and what is allowed; fields: {path: [message]}.

    Of more than MOST_PROBLEMS mistakes the first ones; the message tells how many there are.
    """

    code = "matter.definition-invalid"
    texts = {"en": "The definition has mistakes.", "zh": "事项定义有误。"}

    @classmethod
    def of(cls, problems: Sequence[LinedProblem]) -> DefinitionInvalid:
        fields: dict[str, list[str]] = {}
        told = problems[:MOST_PROBLEMS]
        for problem in told:
            fields.setdefault(problem.path, []).append(problem.message)
        first = problems[0]
        return cls(
            f"definition has {len(problems)} mistake(s); line {first.line}: {first.message}",
            details={"problems": [asdict(problem) for problem in told], "fields": fields},
        )


class ConditionNotSupported(InvalidInput):
    code = "matter.condition-not-supported"
    texts = {"en": "The condition is of a form that is not supported.", "zh": "暂不支持此条件表达式。"}


class MatterNotFound(NotFound):
    code = "matter.matter-not-found"
    texts = {"en": "There is no such matter.", "zh": "事项不存在。"}


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


class FormInvalid(InvalidInput):
    """details.fields: {field: [what is wrong]}; values are not repeated, they may be personal."""

    code = "matter.form-invalid"
    texts = {"en": "The form is not filled in correctly.", "zh": "表单填写有误。"}


class DefinitionOutdated(Conflict):
    """The case's version of the matter was published with a rule that is no longer supported."""

    code = "matter.definition-outdated"
    texts = {
        "en": "The matter has a rule that is no longer supported; its department must publish it anew.",
        "zh": "该事项的表单规则已不受支持，须由主管部门重新发布。",
    }


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


class StepNotWaiting(Conflict):
    code = "matter.step-not-waiting"
    texts = {"en": "The step does not wait for a callback.", "zh": "该环节当前不接收回调。"}


class StepNotRetryable(Conflict):
    code = "matter.step-not-retryable"
    texts = {"en": "Only a stuck step can be retried.", "zh": "只有受阻的环节可以重试。"}


class CallbackRefused(Unauthenticated):
    """The signature is good, but its key belongs to another source than the step waits for."""

    code = "matter.callback-refused"
    texts = {"en": "This source may not answer the step.", "zh": "该来源无权回复此环节。"}


class CallbackInvalid(InvalidInput):
    code = "matter.callback-invalid"
    texts = {"en": "The callback's content is not valid.", "zh": "回调内容不符合要求。"}


class CallbackReused(Conflict):
    code = "matter.callback-reused"
    texts = {"en": "This callback id came with another content.", "zh": "该回调编号已用于其他内容。"}


class StepNotPayable(Conflict):
    """The step is no payment, or does not wait for one."""

    code = "matter.step-not-payable"
    texts = {"en": "The step does not wait for a payment.", "zh": "该环节当前无需缴费。"}


class ChannelNotAllowed(InvalidInput):
    """details.allowed: the channels of the step."""

    code = "matter.channel-not-allowed"
    texts = {"en": "This step cannot be paid through that channel.", "zh": "该环节不支持所选支付渠道。"}


class PaymentNotStarted(Conflict):
    """details.code: why, as payment says it."""

    code = "matter.payment-not-started"
    texts = {"en": "The payment cannot be opened now.", "zh": "暂时无法发起支付。"}
