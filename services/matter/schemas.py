"""The contract with the world, and the service's settings."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from services.matter.domain import states
from shared_components.configuration.fields import Whole
from shared_components.contracts import Message, PageReply, PageRequest, text
from shared_components.contracts.settings import return_addresses
from shared_components.kernel.return_addresses import LONGEST_ADDRESS

PERSONAL = {"data_class": "personal"}
SENSITIVE = {"data_class": "sensitive"}
NAME = r"\A[a-z][a-z0-9-]{0,39}\Z"


def limited_text(longest: int, **kwargs: Any) -> fields.String:
    return fields.String(validate=validate.Length(1, longest), **kwargs)


def matter_code(**kwargs: Any) -> fields.String:
    return fields.String(validate=validate.Regexp(NAME), **kwargs)


def form(*, metadata: Mapping[str, Any], **kwargs: Any) -> fields.Dict:
    return fields.Dict(
        keys=fields.String(validate=validate.Length(1, 64)), validate=validate.Length(max=100),
        metadata={**metadata, **PERSONAL}, **kwargs,
    )


def return_url() -> fields.Url:
    return fields.Url(
        load_default=None, allow_none=True, require_tld=False, schemes={"http", "https"},
        validate=validate.Length(max=LONGEST_ADDRESS), metadata=text(
            "The page of the case, to which the applicant comes back after paying, as https://app.example/cases/1. "
            "Addresses are allowed for each app.",
            "缴费后返回的办件页面，如 https://app.example/cases/1；每个应用允许的地址须事先配置。"),
    )


def moment(**kwargs: Any) -> fields.AwareDateTime:
    return fields.AwareDateTime(allow_none=True, **kwargs)

MATTER_CODE_TEXT = text(
    "The matter's code: a small letter, then small letters, digits and -, up to 40, such as driving-licence-renewal.",
    "事项代码：小写字母开头，由小写字母、数字、短横线组成，最长 40 位，如 driving-licence-renewal。")
VERSION_TEXT = text(
    "The version of the matter's definition, 1 and up; a case keeps the one it was started under.",
    "事项定义的版本号，从 1 起；办件沿用发起时的版本。")
TITLE_ZH_TEXT = text(
    "The title in Chinese.",
    "中文名称。")
TITLE_EN_TEXT = text(
    "The title in English.",
    "英文名称。")
FORM_TEXT = text(
    "The filled form by field name, at most 100 fields; get_guide gives its JSON Schema.",
    "已填写的申请表，按字段名，最多 100 项；格式见 get_guide 的 form。")
STEP_TEXT = text(
    "The step's name in the definition, such as medical-check.",
    "步骤名称（定义中的代码），如 medical-check。")
KIND_TEXT = text(
    "What the step does, such as check, callback, pay, issue_licence, deliver or notify.",
    "步骤类型，如 check 核验、callback 等待外部结果、pay 缴费、issue_licence 制证、deliver 寄送。")
STATE_TEXT = text(
    "The state of a step: pending, ready, running, waiting, stuck, completed, refused, skipped or cancelled.",
    "步骤状态：pending 未开始，ready 待处理，running 处理中，waiting 等待外部结果，stuck 受阻，completed 已完成，"
    "refused 未通过，skipped 无需办理，cancelled 已取消。")
STATE_LABEL_TEXT = text(
    "The state's name in the caller's language, to be shown.",
    "状态名称，按调用方语言返回，供页面显示。")
APPLICANT_SUBJECT_TEXT = text(
    "The applicant's id in identity, such as sub_….",
    "申请人在身份服务中的编号（sub_ 开头）。")
CASE_ID_TEXT = text(
    "The case's id, such as case_….",
    "办件编号（case_ 开头）。")
FINISHED_AT_TEXT = text(
    "When the case ended, UTC; null while it is open.",
    "办件结束时间（UTC）；办理中为 null。")
OVERDUE_TEXT = text(
    "Whether a limit has passed.",
    "是否超期。")
SUBMITTED_AT_TEXT = text(
    "When the applicant submitted, UTC; null for a draft.",
    "提交时间（UTC）；草稿为 null。")


class PublishDefinition(Message):
    definition_yaml = limited_text(200_000, required=True, metadata=text(
        "The matter's definition as YAML, up to 200,000 characters; docs/guides tell its form. Every mistake is "
        "told with its line.",
        "事项定义（YAML），200000 字以内；有误时逐条给出行号。"))
    allow_missing = fields.Boolean(load_default=False, metadata=text(
        "Publish although a template, fee item, payment channel, licence type or callback source that it names does "
        "not exist yet; the reply then tells them as warnings.",
        "引用的模板、收费项目、支付渠道、证照类型或回调来源尚不存在时仍予发布，缺失项在返回的 warnings 中列出。"))


class MatterSummary(Message):
    matter_code = fields.String(required=True, metadata=MATTER_CODE_TEXT)
    version = fields.Integer(required=True, metadata=VERSION_TEXT)
    item_code = fields.String(metadata=text(
        "The item's code in the national catalogue (GB/T 39554.1): 12 digits, or 31 characters for an "
        "implementation.",
        "政务服务事项编码（GB/T 39554.1）：基本编码 12 位，实施编码 31 位。"))
    title_zh = fields.String(metadata=TITLE_ZH_TEXT)
    title_en = fields.String(metadata=TITLE_EN_TEXT)
    department_code = fields.String(metadata=text(
        "The unified social credit code of the department in charge, 18 characters.",
        "主管部门统一社会信用代码，18 位。"))
    department_name = fields.String(metadata=text(
        "The name of the department in charge, in Chinese.",
        "主管部门名称。"))
    published_at = fields.AwareDateTime(metadata=text(
        "When this version was published, UTC.",
        "本版本发布时间（UTC）。"))


class Problem(Message):
    line = fields.Integer(required=True, metadata=text("The line of the file, from 1.", "文件行号，从 1 起。"))
    path = fields.String(required=True, metadata=text(
        "Where it is in the definition, such as steps.0.with.template.",
        "在定义中的位置，如 steps.0.with.template。"))
    message = fields.String(required=True, metadata=text("What is wrong.", "问题说明。"))
    allowed = fields.String(required=True, metadata=text("What is allowed there.", "允许的取值。"))


class PublishedMatter(MatterSummary):
    warnings = fields.List(fields.Nested(Problem), required=True, metadata=text(
        "What the definition names and nobody has, published all the same because of allow_missing.",
        "定义引用而不存在的内容；因 allow_missing 仍予发布。"))


class ListMatters(PageRequest):
    pass


class Matters(PageReply):
    items = fields.List(fields.Nested(MatterSummary), required=True, metadata=text(
        "The newest versions of matters on this page, by code.",
        "本页事项的最新版本，按代码排序。"))


class GetGuide(Message):
    matter_code = matter_code(required=True, metadata=MATTER_CODE_TEXT)


class GuideStep(Message):
    step = fields.String(metadata=STEP_TEXT)
    kind = fields.String(metadata=KIND_TEXT)
    title_zh = fields.String(metadata=TITLE_ZH_TEXT)
    title_en = fields.String(metadata=TITLE_EN_TEXT)
    after = fields.List(fields.String(), metadata=text(
        "The names of the steps that must be done before this one.",
        "须先完成的步骤名称。"))
    optional = fields.Boolean(metadata=text(
        "Whether the step may be left out, by choice or condition.",
        "是否可不办（可选或附条件的步骤）。"))
    limit_working_days = fields.Integer(allow_none=True, metadata=text(
        "Within how many working days the step is to be done; null when it has no limit.",
        "办理时限（工作日）；未设时限为 null。"))


class Guide(MatterSummary):
    """guide: texts in zh and en. form: the JSON Schema of the form."""

    applicant_kinds = fields.List(fields.String(), metadata=text(
        "Who may apply: person, organisation or both.",
        "可申请的主体类别：person 自然人，organisation 组织。"))
    applicant_level = fields.Integer(metadata=text(
        "The assurance level that the applicant needs; identity's list_levels tells them.",
        "申请人须达到的实名等级，见 identity.list_levels。"))
    guide = fields.Dict(metadata=text(
        "The guide's texts (办事指南) in zh and en: conditions, materials, time limit, fees.",
        "办事指南文本（zh、en）：受理条件、申请材料、办理时限、收费等。"))
    form = fields.Dict(metadata=text(
        "The JSON Schema of the form, fields in the order to be shown.",
        "申请表的 JSON Schema，字段按显示顺序排列。"))
    steps = fields.List(fields.Nested(GuideStep), metadata=text(
        "The steps of the matter, in the order of the definition.",
        "该事项的办理步骤，按定义中的顺序。"))


class StartCase(Message):
    """form may be incomplete until the case is submitted."""

    matter_code = matter_code(required=True, metadata=MATTER_CODE_TEXT)
    applicant_subject = limited_text(64, required=True, metadata=APPLICANT_SUBJECT_TEXT)
    form = form(load_default=dict, metadata=text(
        "The form by field name as far as it is filled; it must be complete when the case is submitted.",
        "申请表，可先填一部分，提交时须完整；格式见 get_guide 的 form。"))


class SaveForm(Message):
    case_id = limited_text(40, required=True, metadata=CASE_ID_TEXT)
    form = form(required=True, metadata=FORM_TEXT)


class CaseId(Message):
    case_id = limited_text(40, required=True, metadata=CASE_ID_TEXT)


class SubmitCase(CaseId):
    return_url = return_url()


class ChooseChannel(CaseId):
    step = fields.String(required=True, validate=validate.Regexp(NAME), metadata=text(
        "A step of kind pay that waits, such as pay.", "等待缴费的步骤，如 pay。"))
    channel = limited_text(20, required=True, metadata=text(
        "One of the channels in the step's result, such as alipay.", "步骤结果中列出的支付渠道之一，如 alipay。"))
    return_url = return_url()


class ChosenChannel(Message):
    case_id = fields.String(required=True, metadata=CASE_ID_TEXT)
    step = fields.String(required=True, metadata=STEP_TEXT)
    state = fields.String(required=True, metadata=STATE_TEXT)
    channel = fields.String(required=True, metadata=text(
        "The channel that was chosen.", "所选支付渠道。"))
    pay_url = fields.String(required=True, metadata=text(
        "The page where the applicant pays; of WeChat's native product a weixin:// address to show as a QR code.",
        "申请人缴费的页面地址；微信 Native 支付为 weixin:// 地址，须展示为二维码。"))


class Step(Message):
    """duration_s: from its start until its end, or until now. limit_at: by when it is to be done."""

    step = fields.String(required=True, metadata=STEP_TEXT)
    kind = fields.String(required=True, metadata=KIND_TEXT)
    state = fields.String(required=True, validate=validate.OneOf(states.TASK.states), metadata=STATE_TEXT)
    state_label = fields.String(required=True, metadata=STATE_LABEL_TEXT)
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
    overdue = fields.Boolean(required=True, metadata=OVERDUE_TEXT)


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
    case_id = fields.String(required=True, metadata=CASE_ID_TEXT)
    matter_code = fields.String(required=True, metadata=MATTER_CODE_TEXT)
    version = fields.Integer(required=True, metadata=VERSION_TEXT)
    applicant_subject = fields.String(required=True, metadata=APPLICANT_SUBJECT_TEXT)
    state = fields.String(required=True, validate=validate.OneOf(states.CASE.states), metadata=text(
        "draft, running, compensating (what was done is being undone), completed 办结, refused 不予办理 or "
        "withdrawn 撤回.",
        "办件状态：draft 草稿，running 办理中，compensating 退回处理中，completed 已办结，refused 不予办理，"
        "withdrawn 已撤回。"))
    state_label = fields.String(required=True, metadata=STATE_LABEL_TEXT)
    stuck = fields.Boolean(required=True, metadata=text(
        "Whether a step waits for people of the department.",
        "是否有步骤受阻、需要工作人员处理。"))
    overdue = fields.Boolean(required=True, metadata=OVERDUE_TEXT)
    created_at = fields.AwareDateTime(required=True, metadata=text(
        "When the draft was begun, UTC.",
        "发起时间（UTC）。"))
    submitted_at = moment(metadata=SUBMITTED_AT_TEXT)
    finished_at = moment(metadata=FINISHED_AT_TEXT)


class Case(CaseSummary):
    """outcome: empty while the case is open. compensations: what was undone, in the order it was undone."""

    form = fields.Dict(required=True, metadata={**FORM_TEXT, **PERSONAL})
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
        "What came of the case, such as order and licence; empty while it is open.",
        "办理结果，如订单、证照；办理中为空。"))


class ListCases(PageRequest):
    applicant_subject = limited_text(64, load_default=None, allow_none=True, metadata=text(
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


class ReceiveCallback(Message):
    """body: the raw bytes as they came, as text; what it says counts only because it is signed.

    signature: HMAC-SHA256 over timestamp + "." + body, in hex. timestamp: epoch seconds, ±300 s.
    The body is JSON: {"callback_id", "case_id", "step", "result": {…}}. result: if given, must be what the body says.
    """

    case_id = limited_text(40, required=True, metadata=CASE_ID_TEXT)
    step = fields.String(required=True, validate=validate.Regexp(NAME), metadata=STEP_TEXT)
    result = fields.Dict(load_default=None, allow_none=True, metadata=text(
        "If given, it must be the result in the signed body; null to leave it out.",
        "如填写，须与签名正文中的 result 一致；可为 null。", **PERSONAL))
    key_id = limited_text(64, required=True, metadata=text(
        "The id of the key that signs, as configured for the source; header X-Zhongtai-Key-Id.",
        "签名密钥编号，即请求头 X-Zhongtai-Key-Id 的值。"))
    timestamp = limited_text(20, required=True, metadata=text(
        "When it was signed: epoch seconds, at most 300 s from now.",
        "签名时间，Unix 秒，与当前时间相差不超过 300 秒。"))
    signature = limited_text(128, required=True, metadata=text(
        "HMAC-SHA256 over timestamp, a dot and the body, in hexadecimal.",
        "签名：对“时间戳.正文”作 HMAC-SHA256，十六进制。", **SENSITIVE))
    body = limited_text(65_536, required=True, metadata=text(
        "The raw JSON body as it came, up to 65,536 characters; what it says counts only because it is signed.",
        "原始 JSON 正文，须与收到的完全一致，65536 字以内；内容以签名为准。", **PERSONAL))


class CallbackTaken(Message):
    """state: of the step, after the callback."""

    case_id = fields.String(required=True, metadata=CASE_ID_TEXT)
    step = fields.String(required=True, metadata=STEP_TEXT)
    state = fields.String(required=True, metadata=STATE_TEXT)


class RetryStep(Message):
    """step: the name of a step, compensation or notice that is stuck. reason: for the record."""

    case_id = limited_text(40, required=True, metadata=CASE_ID_TEXT)
    step = limited_text(64, required=True, metadata=text(
        "The name of the step, compensation or notice that is stuck, up to 64 characters.",
        "受阻的步骤、撤销动作或通知的名称，最长 64 位。"))
    reason = limited_text(200, required=True, metadata=text(
        "Why it is tried again, up to 200 characters, for the record.",
        "重试原因，200 字以内，留存备查。"))


class Bootstrap(Message):
    pass


class Bootstrapped(Message):
    definitions = fields.List(fields.Dict(), required=True, metadata=text(
        "The published definitions, each with its matter_code and version.",
        "已发布的事项定义，含代码和版本号。"))
    templates = fields.Integer(required=True, metadata=text(
        "How many message templates were put.",
        "已写入的消息模板数量。"))


class CaseEvent(Message):
    """What others learn of a case: no form, no name."""

    case_id = fields.String(required=True, metadata=CASE_ID_TEXT)
    matter_code = fields.String(required=True, metadata=MATTER_CODE_TEXT)
    version = fields.Integer(required=True, metadata=VERSION_TEXT)
    applicant_subject = fields.String(required=True, metadata=APPLICANT_SUBJECT_TEXT)
    state = fields.String(required=True, metadata=text(
        "The case's state after the event, as in get_case.",
        "事件发生后的办件状态，取值同 get_case。"))
    reason_code = fields.String(required=True, allow_none=True, metadata=text(
        "A constant for why the case was refused or is stuck; null when neither.",
        "不予办理或受阻的原因代码；没有为 null。"))
    submitted_at = fields.AwareDateTime(required=True, allow_none=True, metadata=SUBMITTED_AT_TEXT)
    finished_at = fields.AwareDateTime(required=True, allow_none=True, metadata=FINISHED_AT_TEXT)


class StepDue(Message):
    """For the engine itself."""

    case_id = fields.String(required=True, metadata=CASE_ID_TEXT)
    step_id = fields.String(required=True, metadata=text(
        "The id of the step that is due, for the engine.",
        "到期步骤的内部编号，供引擎使用。"))


class CallbackKey(Schema):
    class Meta:
        unknown = RAISE

    key_id = fields.String(
        required=True, validate=validate.Length(1, 64), metadata={
            "allowed": "the key's id, 1 to 64 characters", "meaning": "What header `X-Zhongtai-Key-Id` says"}
    )
    source = fields.String(
        required=True, validate=validate.Regexp(NAME), metadata={
            "allowed": "who signs, as definitions name it", "meaning": "The outside system, such as `hospital`"}
    )
    tenants = fields.List(
        fields.String(validate=validate.Length(1, 64)), load_default=None, allow_none=True,
        validate=validate.Length(1, 500), metadata={
            "allowed": "a list of 1 to 500 tenants' names",
            "meaning": "Whose cases it may answer; without it, every tenant's"},
    )
    secret = fields.String(
        required=True, validate=validate.Length(16, 256),
        metadata={"allowed": "16 to 256 characters, shared with the source", "data_class": "sensitive",
                  "meaning": "Signs its callbacks; from `${ENV}`"},
    )


def _ids_differ(keys: list[dict[str, str]]) -> None:
    ids = [key["key_id"] for key in keys]
    if len(set(ids)) != len(ids):
        raise ValidationError("a key_id is there twice; every key needs its own")


class MatterSettings(Schema):
    """Section services.matter. callback_keys: who may answer callback steps; two keys while one is being replaced."""

    class Meta:
        unknown = RAISE

    callback_keys = fields.List(
        fields.Nested(CallbackKey), load_default=list, validate=_ids_differ,
        metadata={"allowed": "a list of mappings with key_id, source and secret",
                  "meaning": "Who may answer callback steps; two keys of one source while one is being replaced"},
    )
    bootstrap_tenants = fields.List(
        fields.String(validate=validate.Length(1, 64)), load_default=list,
        metadata={"allowed": "a list of tenants' names",
                  "meaning": "Tenants that get the shipped definitions and templates at start"},
    )
    stuck_after_attempts = Whole(
        load_default=12, validate=validate.Range(1, 1000), metadata={
            "allowed": "a whole number from 1 to 1000", "meaning": "Tries after which a step waits for people"}
    )
    return_addresses = return_addresses()
    payment_poll_s = fields.Float(
        load_default=300.0, validate=validate.Range(1, 86_400), metadata={
            "allowed": "a number from 1 to 86400", "meaning": "How often the state of an unpaid order is asked for"}
    )
    holidays = fields.List(
        fields.Date(), load_default=list, metadata={
            "allowed": "a list of days, YYYY-MM-DD", "meaning": "Days off beside the weekends"}
    )
    make_up_days = fields.List(
        fields.Date(), load_default=list, metadata={
            "allowed": "a list of days, YYYY-MM-DD", "meaning": "Weekend days that are worked (调休上班日)"}
    )
    unpaid_violations = fields.Dict(
        keys=fields.String(), values=fields.Integer(strict=True, validate=validate.Range(-1, 1000)),
        load_default=None, allow_none=True, metadata={
            "allowed": "a mapping from an identity number to a whole number from -1 to 1000",
            "meaning": "For the sandbox authority: how many violations are unpaid, -1 for no answer",
            "data_class": "sensitive",
        },
    )
