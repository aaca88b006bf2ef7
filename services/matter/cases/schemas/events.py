"""Events of matter."""
from __future__ import annotations

from marshmallow import fields

from services.matter.common import texts
from shared_components.contracts import EventContract, Message, SubjectId, text


class CaseEvent(Message):
    """Facts of a case for others: no form, no name."""

    case_id = fields.String(required=True, metadata=texts.CASE_ID)
    matter_code = fields.String(required=True, metadata=texts.MATTER_CODE)
    version = fields.Integer(required=True, metadata=texts.VERSION)
    applicant_subject = SubjectId(required=True, metadata=texts.APPLICANT_SUBJECT)
    state = fields.String(required=True, metadata=text(
        "The case's state after the event, as in get_case.",
        "事件发生后的办件状态，取值同 get_case。"))
    stage = fields.String(required=True, allow_none=True, metadata=texts.STAGE)
    reason_code = fields.String(required=True, allow_none=True, metadata=text(
        "A constant for why the case was refused or is stuck; null when neither.",
        "不予办理或受阻的原因代码；没有为 null。"))
    submitted_at = fields.AwareDateTime(required=True, allow_none=True, metadata=texts.SUBMITTED_AT)
    finished_at = fields.AwareDateTime(required=True, allow_none=True, metadata=texts.FINISHED_AT)
    app = fields.String(required=True, allow_none=True, metadata=text(
        "The app that started the case; null when no app did.",
        "发起办件的应用；不是由应用发起为 null。"))


class StepDue(Message):
    """For the engine itself."""

    case_id = fields.String(required=True, metadata=texts.CASE_ID)
    step_id = fields.String(required=True, metadata=text(
        "The id of the step that is due, for the engine.",
        "到期步骤的内部编号，供引擎使用。"))


EVENTS = (
    EventContract("case-submitted", CaseEvent, summary="An application was submitted.",
    summary_zh="申请已提交。"),
    EventContract("case-completed", CaseEvent, summary="办结: every step is done.",
    summary_zh="已办结，各步骤均已完成。"),
    EventContract("case-refused", CaseEvent, summary="不予办理: refused, and undone what was done.",
    summary_zh="不予办理，已完成的动作已撤销。"),
    EventContract("case-withdrawn", CaseEvent, summary="The applicant has withdrawn.",
    summary_zh="申请人已撤回。"),
    EventContract("case-terminated", CaseEvent, summary="The department has ended the case, and undone what was done.",
    summary_zh="部门终止办理，已完成的动作已撤销。"),
    EventContract("case-failed", CaseEvent, summary="A step is stuck and needs people.",
    summary_zh="有步骤受阻，需要人工处理。"),
    EventContract("supplement-requested", CaseEvent, summary="补正: the applicant is told all that is missing.",
    summary_zh="已一次性告知补正内容，详见 get_case。"),
    EventContract("supplement-answered", CaseEvent, summary="The applicant has supplied what was missing.",
    summary_zh="申请人已补正。"),
    EventContract("case-accepted", CaseEvent, summary="受理: the application is accepted, also by lapse of time.",
    summary_zh="已受理，包括逾期未告知补正而视为受理。"),
    EventContract("case-decided", CaseEvent, summary="Decided: `stage` is granted, refused or not-accepted.",
    summary_zh="已作出决定，stage 为 granted 准予、refused 不予许可或 not-accepted 不予受理。"),
    EventContract("case-extended", CaseEvent, summary="The limits were extended; get_case has the reason.",
    summary_zh="办理期限已延长，理由见 get_case。"),
    EventContract("case-clock-stopped", CaseEvent, summary="A hearing, an inspection or a review stops the limits.",
    summary_zh="因听证、检验检测检疫或专家评审，期限停止计算。"),
    EventContract("case-clock-restarted", CaseEvent, summary="The limits run on.",
    summary_zh="期限恢复计算。"),
    EventContract("case-due-soon", CaseEvent, summary="A fifth of the promised or the legal time is left.",
    summary_zh="承诺时限或法定时限剩余五分之一。"),
    EventContract("case-overdue", CaseEvent, summary="The promised or the legal limit has passed; a manager must look.",
    summary_zh="已超过承诺时限或法定时限，须由负责人督办。"),
    EventContract("step-due", StepDue, summary="Wakes the engine; for matter itself.",
    summary_zh="唤醒办理引擎，仅供本服务使用。"),
)
