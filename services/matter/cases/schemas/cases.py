"""Cases: read, list, retry a step."""
from __future__ import annotations

from marshmallow import fields, validate

from services.matter.cases.domain import states
from services.matter.cases.domain.procedure import STAGE
from services.matter.cases.schemas.procedure import Procedure
from services.matter.cases.usecases import read_cases, retry_step
from services.matter.common import texts
from services.matter.common.fields import PERSONAL, limited_text, matter_code, moment
from shared_components.contracts import Message, PageReply, PageRequest, SubjectId, optional_subject, text


class Step(Message):
    """duration_s: from its start until its end, or until now. limit_at: by when it is to be done."""

    step = fields.String(required=True, metadata=texts.STEP)
    kind = fields.String(required=True, metadata=texts.KIND)
    state = fields.String(required=True, validate=validate.OneOf(states.TASK.states), metadata=texts.STATE)
    state_label = fields.String(required=True, metadata=texts.STATE_LABEL)
    result = fields.Dict(required=True, metadata=text(
        "What the step has brought, by name; empty before that.",
        "步骤产出的结果；未完成时为空。", **PERSONAL))
    error = fields.Dict(required=True, allow_none=True, metadata=text(
        "Why the step is stuck or was refused: code and texts; null when it is neither.",
        "步骤受阻或未通过的原因（代码及中英文说明）；没有为 null。"))
    attempts = fields.Integer(required=True, metadata=text(
        "How often the step was tried.",
        "已尝试的次数。"))
    started_at = moment(metadata=text(
        "When the step began, UTC; null before that.",
        "步骤开始时间（UTC）；未开始为 null。"))
    finished_at = moment(metadata=text(
        "When the step ended, UTC; null before that.",
        "步骤结束时间（UTC）；未结束为 null。"))
    duration_s = fields.Float(allow_none=True, metadata=text(
        "Seconds from the step's start until its end, or until now; null before it began.",
        "步骤已用时长（秒），未结束的算到当前；未开始为 null。"))
    limit_at = moment(metadata=text(
        "By when the step is to be done, UTC; null without a limit, or while holidays of that year are not "
        "announced.",
        "办理期限（UTC）；未设时限或当年放假安排尚未公布为 null。"))
    overdue = fields.Boolean(required=True, metadata=texts.OVERDUE)


class TimelineLine(Message):
    """text: in the caller's language."""

    at = fields.AwareDateTime(required=True, metadata=text(
        "When it happened, UTC.",
        "发生时间（UTC）。"))
    entry = fields.String(required=True, metadata=text(
        "A constant for what happened, such as submitted.",
        "记录类型代码，如 submitted。"))
    step = fields.String(required=True, allow_none=True, metadata=text(
        "The step that the line is about; null when it is about the whole case.",
        "该条记录涉及的步骤；涉及整个办件的为 null。"))
    zh = fields.String(required=True, metadata=text(
        "The line in Chinese.",
        "记录内容（中文）。"))
    en = fields.String(required=True, metadata=text(
        "The line in English.",
        "记录内容（英文）。"))
    text = fields.String(required=True, metadata=text(
        "The line in the caller's language.",
        "记录内容，按调用方语言返回。"))


class CaseSummary(Message):
    case_id = fields.String(required=True, metadata=texts.CASE_ID)
    matter_code = fields.String(required=True, metadata=texts.MATTER_CODE)
    version = fields.Integer(required=True, metadata=texts.VERSION)
    applicant_subject = SubjectId(required=True, metadata=texts.APPLICANT_SUBJECT)
    state = fields.String(required=True, validate=validate.OneOf(states.CASE.states), metadata=text(
        "draft, running, compensating (what was done is being undone), completed 办结, refused 不予办理, "
        "withdrawn 撤回 or terminated 终止办理.",
        "办件状态：draft 草稿，running 办理中，compensating 退回处理中，completed 已办结，refused 不予办理，"
        "withdrawn 已撤回，terminated 已终止办理。"))
    state_label = fields.String(required=True, metadata=texts.STATE_LABEL)
    stage = fields.String(required=True, allow_none=True, validate=validate.OneOf(STAGE.states), metadata=texts.STAGE)
    stage_label = fields.String(required=True, allow_none=True, metadata=text(
        "The stage's name in the caller's language, to be shown; null when there is no stage.",
        "办理阶段名称，按调用方语言返回，供页面显示；没有阶段为 null。"))
    stuck = fields.Boolean(required=True, metadata=text(
        "Whether a step waits for people of the department.",
        "是否有步骤受阻、需要工作人员处理。"))
    paused = fields.Boolean(required=True, metadata=text(
        "Whether staff have paused the case.", "是否已由工作人员暂停。"))
    overdue = fields.Boolean(required=True, metadata=texts.OVERDUE)
    created_at = fields.AwareDateTime(required=True, metadata=text(
        "When the draft was begun, UTC.",
        "发起时间（UTC）。"))
    submitted_at = moment(metadata=texts.SUBMITTED_AT)
    finished_at = moment(metadata=texts.FINISHED_AT)


class Supplement(Message):
    items = fields.List(fields.String(), required=True, metadata=text(
        "All that is missing, in words.", "须补正的全部内容。", **PERSONAL))
    fields_ = fields.List(fields.String(), data_key="fields", attribute="fields", required=True, metadata=text(
        "Fields of the form that may be changed.", "可修改的申请表字段。"))
    asked_at = fields.AwareDateTime(required=True, metadata=text(
        "When the applicant was told, UTC.", "告知补正的时间（UTC）。"))
    due_at = fields.AwareDateTime(required=True, metadata=text(
        "By when the applicant is to answer, UTC.", "补正期限（UTC）。"))
    answered_at = moment(required=True, metadata=text(
        "When the applicant answered, UTC; null until then.", "申请人补正的时间（UTC）；未补正为 null。"))


class Case(CaseSummary):
    """outcome: empty while the case is open. compensations: what was undone, in the order it was undone."""

    form = fields.Dict(required=True, metadata={**texts.FORM, **PERSONAL})
    steps = fields.List(fields.Nested(Step), required=True, metadata=text(
        "The steps of the case, in the order of the definition.",
        "办理步骤，按定义中的顺序。"))
    compensations = fields.List(fields.Nested(Step), required=True, metadata=text(
        "What was undone, such as a refund, in the order it was undone.",
        "已撤销的动作，如退费，按撤销顺序。"))
    notices = fields.List(fields.Nested(Step), required=True, metadata=text(
        "What the applicant was told, and whether it went.",
        "已向申请人发出的通知及其状态。"))
    timeline = fields.List(fields.Nested(TimelineLine), required=True, metadata=text(
        "What happened, for the applicant, oldest first.",
        "办理进度，最早的在前，供申请人查看。"))
    outcome = fields.Dict(required=True, metadata=text(
        "What came of the case, such as order and licence; of a refused one reason and remedies; empty while it is "
        "open.",
        "办理结果，如订单、证照；不予办理的含理由和救济途径（行政复议、行政诉讼及期限）；办理中为空。"))
    supplement = fields.Nested(Supplement, required=True, allow_none=True, metadata=text(
        "What the applicant was asked to supply; null when nothing was.", "要求申请人补正的内容；没有为 null。"))
    procedure = fields.Nested(Procedure, required=True, allow_none=True, metadata=text(
        "The procedure by law with its times and limits; null for drafts and for cases of before.",
        "法定办理程序的各时间点与期限；草稿及历史办件为 null。"))


class ListCases(PageRequest):
    command = read_cases.ListCases
    applicant_subject = optional_subject(text(
        "Only cases of this applicant; null for all.",
        "只查该申请人的办件；null 为不限。"))
    matter_code = matter_code(load_default=None, allow_none=True, metadata=text(
        "Only cases of this matter; null for all.",
        "只查该事项的办件；null 为不限。"))
    state = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(states.CASE.states),
        metadata=text(
        "Only cases in this state; null for all.",
        "只查该状态的办件；null 为不限。"))
    stuck = fields.Boolean(load_default=None, allow_none=True, metadata=text(
        "Only cases that are stuck, or only those that are not; null for all.",
        "true 只查受阻的办件，false 只查正常的；null 为不限。"))


class Cases(PageReply):
    items = fields.List(fields.Nested(CaseSummary), required=True, metadata=text(
        "The cases on this page, newest first.",
        "本页办件，最新的在前。"))


class RetryStep(Message):
    """step: the name of a step, compensation or notice that is stuck. reason: for the record."""

    command = retry_step.RetryStep
    case_id = limited_text(40, required=True, metadata=texts.CASE_ID)
    step = limited_text(64, required=True, metadata=text(
        "The name of the step, compensation or notice that is stuck, up to 64 characters.",
        "受阻的步骤、撤销动作或通知的名称，最长 64 位。"))
    reason = limited_text(200, required=True, metadata=text(
        "Why it is tried again, up to 200 characters, for the record.",
        "重试原因，200 字以内，留存备查。"))
