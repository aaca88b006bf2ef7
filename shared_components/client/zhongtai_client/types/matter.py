"""Requests, replies and events of service `matter`. Written by `zhongtai clients python`; do not edit."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict


class AnswerRatingRequest(TypedDict):
    rating_id: str
    """The rating's id, such as rat_…. 评价编号（rat_ 开头）。"""
    text: str
    """What was done about it, or why it should not count, up to 500 characters. 处理情况或申诉理由，500 字以内。"""


class AnswerSupplementRequest(TypedDict):
    case_id: str
    """The case's id, such as case_…. 办件编号（case_ 开头）。"""
    form: NotRequired[Mapping[str, Any]]
    """New values of the fields that were asked for; get_case lists them in `supplement`. 要求补正的字段的新值；须补正的字段见 get_case 的 supplement。"""


AppealRatingRequest = AnswerRatingRequest


class ChooseChannelRequest(TypedDict):
    case_id: str
    """The case's id, such as case_…. 办件编号（case_ 开头）。"""
    channel: str
    """One of the channels in the step's result, such as alipay. 步骤结果中列出的支付渠道之一，如 alipay。"""
    return_url: NotRequired[str | None]
    """The page of the case, to which the applicant comes back after paying, as https://app.example/cases/1. Addresses are allowed for each app. 缴费后返回的办件页面，如 https://app.example/cases/1；每个应用允许的地址须事先配置。"""
    step: str
    """A step of kind pay that waits, such as pay. 等待缴费的步骤，如 pay。"""


class ClaimTaskRequest(TypedDict):
    case_id: str
    """The case's id, such as case_…. 办件编号（case_ 开头）。"""
    step: str
    """The step's name in the definition, such as medical-check. 步骤名称（定义中的代码），如 medical-check。"""


class CompensateCaseRequest(TypedDict):
    case_id: str
    """The case's id, such as case_…. 办件编号（case_ 开头）。"""
    reason: str
    """Why, up to 200 characters; the applicant reads it. 理由，200 字以内，申请人可见。"""


class CompleteTaskRequest(TypedDict):
    case_id: str
    """The case's id, such as case_…. 办件编号（case_ 开头）。"""
    decision: Literal["approve", "refuse"]
    """approve or refuse. 决定：approve 通过，refuse 不予通过。"""
    form: NotRequired[Mapping[str, Any]]
    """What the step asks of the officer, by field; get_task gives the form. 须由工作人员填写的内容；格式见 get_task 的 decision_form。"""
    reason: NotRequired[str | None]
    """Why, up to 500 characters; the applicant reads it. Needed to refuse. 理由，500 字以内，申请人可见；不予通过时必填。"""
    step: str
    """The step's name in the definition, such as medical-check. 步骤名称（定义中的代码），如 medical-check。"""


class DecideAcceptanceRequest(TypedDict):
    case_id: str
    """The case's id, such as case_…. 办件编号（case_ 开头）。"""
    decision: Literal["accept", "decline"]
    """accept 受理 or decline 不予受理. 决定：accept 受理，decline 不予受理。"""
    reason: NotRequired[str | None]
    """Why, up to 500 characters; the applicant reads it. Needed to decline. 理由，500 字以内，申请人可见；不予受理时必填。"""
    step: str
    """The step's name, up to 64 characters. 步骤名称，最长 64 位。"""


class DecideAppealRequest(TypedDict):
    rating_id: str
    """The rating's id, such as rat_…. 评价编号（rat_ 开头）。"""
    text: str
    """Why, up to 500 characters. 理由，500 字以内。"""
    upheld: bool
    """true: the rating does not count any more. true 为申诉成立，该评价不再计入。"""


class DelegateTaskRequest(TypedDict):
    case_id: str
    """The case's id, such as case_…. 办件编号（case_ 开头）。"""
    officer: str
    """The colleague's id in identity; the colleague needs the step's role. 接办人在身份服务中的编号；接办人须具有该环节的岗位。"""
    reason: str
    """Why, up to 200 characters, for the record. 理由，200 字以内，留存备查。"""
    step: str
    """The step's name, up to 64 characters. 步骤名称，最长 64 位。"""


class EscalateCaseRequest(TypedDict):
    case_id: str
    """The case's id, such as case_…. 办件编号（case_ 开头）。"""
    reason: str
    """Why, up to 200 characters, for the record. 理由，200 字以内，留存备查。"""
    role: Literal["handler", "approver", "finance", "manager"]
    """The role of the officers who are to do it. 接办岗位。"""
    step: str
    """The step's name, up to 64 characters. 步骤名称，最长 64 位。"""


class ExtendCaseRequest(TypedDict):
    case_id: str
    """The case's id, such as case_…. 办件编号（case_ 开头）。"""
    reason: str
    """Why, up to 200 characters; the applicant is told. 延长理由，200 字以内，须告知申请人。"""


class GetCaseRequest(TypedDict):
    case_id: str
    """The case's id, such as case_…. 办件编号（case_ 开头）。"""


class GetGuideRequest(TypedDict):
    matter_code: str
    """The matter's code: a small letter, then small letters, digits and -, up to 40, such as driving-licence-renewal. 事项代码：小写字母开头，由小写字母、数字、短横线组成，最长 40 位，如 driving-licence-renewal。"""


GetTaskRequest = ClaimTaskRequest


class ListCasesRequest(TypedDict):
    after: NotRequired[str | None]
    """The `next` of the page before, unchanged and with the same filters; null for the first page. 上一页返回的 next，须原样传回且查询条件不变；查第一页时为 null 或不传。"""
    applicant_subject: NotRequired[str | None]
    """Only cases of this applicant; null for all. 只查该申请人的办件；null 为不限。"""
    limit: NotRequired[int]
    """The most items in one page. A page may hold fewer: it also ends before 128 KiB. 每页最多返回的条数。每页约 128 KiB 封顶，实际返回可能少于该值。"""
    matter_code: NotRequired[str | None]
    """Only cases of this matter; null for all. 只查该事项的办件；null 为不限。"""
    state: NotRequired[Literal["draft", "running", "compensating", "withdrawn", "completed", "refused", "terminated", None]]
    """Only cases in this state; null for all. 只查该状态的办件；null 为不限。"""
    stuck: NotRequired[bool | None]
    """Only cases that are stuck, or only those that are not; null for all. true 只查受阻的办件，false 只查正常的；null 为不限。"""


ListDocumentsRequest = GetCaseRequest


ListMaterialsRequest = GetCaseRequest


class ListMattersRequest(TypedDict):
    after: NotRequired[str | None]
    """The `next` of the page before, unchanged and with the same filters; null for the first page. 上一页返回的 next，须原样传回且查询条件不变；查第一页时为 null 或不传。"""
    limit: NotRequired[int]
    """The most items in one page. A page may hold fewer: it also ends before 128 KiB. 每页最多返回的条数。每页约 128 KiB 封顶，实际返回可能少于该值。"""


class ListRatingsRequest(TypedDict):
    after: NotRequired[str | None]
    """The `next` of the page before, unchanged and with the same filters; null for the first page. 上一页返回的 next，须原样传回且查询条件不变；查第一页时为 null 或不传。"""
    limit: NotRequired[int]
    """The most items in one page. A page may hold fewer: it also ends before 128 KiB. 每页最多返回的条数。每页约 128 KiB 封顶，实际返回可能少于该值。"""
    state: NotRequired[Literal["to-answer", "appealed", "answered", "rated", None]]
    """Only ratings in this state; null for all. 只查该状态的评价；null 为不限。"""


class ListTasksRequest(TypedDict):
    after: NotRequired[str | None]
    """The `next` of the page before, unchanged and with the same filters; null for the first page. 上一页返回的 next，须原样传回且查询条件不变；查第一页时为 null 或不传。"""
    limit: NotRequired[int]
    """The most items in one page. A page may hold fewer: it also ends before 128 KiB. 每页最多返回的条数。每页约 128 KiB 封顶，实际返回可能少于该值。"""
    matter_code: NotRequired[str | None]
    """Only steps of this matter; null for all. 只查该事项的环节；null 为不限。"""
    whose: NotRequired[Literal["all", "mine", "unclaimed"]]
    """all that wait for the officer's roles, mine (those that the officer has taken) or unclaimed. all 本岗位全部，mine 本人已领取，unclaimed 尚未领取。"""


class PauseCaseRequest(TypedDict):
    case_id: str
    """The case's id, such as case_…. 办件编号（case_ 开头）。"""
    reason: str
    """Why, up to 200 characters, for the record. 理由，200 字以内，留存备查。"""


class PublishDefinitionRequest(TypedDict):
    allow_missing: NotRequired[bool]
    """Publish although a template, fee item, payment channel, licence type or callback source that it names does not exist yet; the reply then tells them as warnings. 引用的模板、收费项目、支付渠道、证照类型或回调来源尚不存在时仍予发布，缺失项在返回的 warnings 中列出。"""
    definition_yaml: str
    """The matter's definition as YAML, up to 200,000 characters; docs/guides tell its form. Every mistake is told with its line. 事项定义（YAML），200000 字以内；有误时逐条给出行号。"""


class RateCaseRequest(TypedDict):
    case_id: str
    """The case's id, such as case_…. 办件编号（case_ 开头）。"""
    comment: NotRequired[str | None]
    """In words, up to 500 characters; null to leave it out. 文字评价，500 字以内；可为 null。"""
    level: int
    """5 very satisfied, 4 satisfied, 3 fair, 2 dissatisfied or 1 very dissatisfied. 评价等级：5 非常满意，4 满意，3 基本满意，2 不满意，1 非常不满意。"""
    scores: NotRequired[Mapping[str, int]]
    """Scores from 5 to 1 by name: efficiency, guide, convenience, platform; each may be left out. 分项评分（5 至 1），可不填：efficiency 办事效率，guide 指南精确度，convenience 便捷度，platform 平台操作性。"""


ReleaseTaskRequest = ClaimTaskRequest


class RemoveMaterialRequest(TypedDict):
    material_id: str
    """The file's id, such as mat_…. 材料文件编号（mat_ 开头）。"""


class RequestDocumentRequest(TypedDict):
    document_id: str
    """The document's id, such as doc_…. 文书编号（doc_ 开头）。"""


RequestDownloadRequest = RemoveMaterialRequest


class RequestSupplementRequest(TypedDict):
    case_id: str
    """The case's id, such as case_…. 办件编号（case_ 开头）。"""
    fields: NotRequired[Sequence[str]]
    """Fields of the form that the applicant may change, at most 100. 申请人可修改的申请表字段，最多 100 个。"""
    items: Sequence[str]
    """All that is missing, told once: 1 to 30 texts of up to 200 characters, for the applicant. 须补正的全部内容，一次性告知：1 至 30 条，每条 200 字以内，申请人可见。"""
    step: str
    """The step's name in the definition, such as medical-check. 步骤名称（定义中的代码），如 medical-check。"""
    working_days: NotRequired[int]
    """Working days within which the applicant answers, 1 to 90; 15 by default. 申请人补正的期限（工作日），1 至 90，默认 15。"""


class RequestUploadRequest(TypedDict):
    case_id: str
    """The case's id, such as case_…. 办件编号（case_ 开头）。"""
    file_name: NotRequired[str | None]
    """How the applicant calls the file, up to 200 characters; null: not said. 申请人的文件名，200 字以内；未提供为 null。"""
    material: str
    """The material's name in the definition, such as photo. 材料名称（定义中的代码），如 photo。"""
    media_type: Literal["application/pdf", "image/jpeg", "image/png", "application/ofd"]
    """application/pdf, image/jpeg, image/png or application/ofd. 文件类型：application/pdf、image/jpeg、image/png 或 application/ofd。"""
    size: int
    """Its size in bytes, at most 20 MiB. 文件大小（字节），不超过 20 MiB。"""


RestartClockRequest = GetCaseRequest


ResumeCaseRequest = PauseCaseRequest


class ReuseMaterialRequest(TypedDict):
    case_id: str
    """The case's id, such as case_…. 办件编号（case_ 开头）。"""
    material: str
    """The material's name in the definition, such as photo. 材料名称（定义中的代码），如 photo。"""
    material_id: str
    """The file that the applicant gave for another case. 申请人曾为其他办件提交的材料文件编号。"""


class RunStepNowRequest(TypedDict):
    case_id: str
    """The case's id, such as case_…. 办件编号（case_ 开头）。"""
    reason: str
    """Why, up to 200 characters, for the record. 理由，200 字以内，留存备查。"""
    step: str
    """The step's name, up to 64 characters. 步骤名称，最长 64 位。"""


class SaveFormRequest(TypedDict):
    case_id: str
    """The case's id, such as case_…. 办件编号（case_ 开头）。"""
    form: Mapping[str, Any]
    """The filled form by field name, at most 100 fields; get_guide gives its JSON Schema. 已填写的申请表，按字段名，最多 100 项；格式见 get_guide 的 form。"""


SkipStepRequest = RunStepNowRequest


class StartCaseRequest(TypedDict):
    applicant_subject: NotRequired[str | None]
    """The subject that applies, such as sub_…; needed where no citizen acts, else the acting citizen is it. 申请主体编号（sub_ 开头）；没有个人（法人）会话时必填，有会话时即为当前主体。"""
    form: NotRequired[Mapping[str, Any]]
    """The form by field name as far as it is filled; it must be complete when the case is submitted. 申请表，可先填一部分，提交时须完整；格式见 get_guide 的 form。"""
    matter_code: str
    """The matter's code: a small letter, then small letters, digits and -, up to 40, such as driving-licence-renewal. 事项代码：小写字母开头，由小写字母、数字、短横线组成，最长 40 位，如 driving-licence-renewal。"""


class StopClockRequest(TypedDict):
    case_id: str
    """The case's id, such as case_…. 办件编号（case_ 开头）。"""
    cause: Literal["hearing", "inspection", "expert-review"]
    """hearing, inspection (also testing and quarantine) or expert-review. 期限停止计算的原因：hearing 听证，inspection 检验、检测、检疫，expert-review 专家评审。"""
    expected_working_days: int
    """How many working days it is expected to take, 1 to 250; the applicant is told. 预计所需时间（工作日），1 至 250，须告知申请人。"""


class SubmitCaseRequest(TypedDict):
    case_id: str
    """The case's id, such as case_…. 办件编号（case_ 开头）。"""
    return_url: NotRequired[str | None]
    """The page of the case, to which the applicant comes back after paying, as https://app.example/cases/1. Addresses are allowed for each app. 缴费后返回的办件页面，如 https://app.example/cases/1；每个应用允许的地址须事先配置。"""


WithdrawCaseRequest = GetCaseRequest


class AnswerRatingReply(TypedDict):
    case_id: str
    """The case's id, such as case_…. 办件编号（case_ 开头）。"""
    due_at: str | None
    """By when a bad rating is answered, UTC; null for others, and while the holidays of that year are not announced. 差评处理期限（UTC）；非差评，或当年放假安排尚未公布为 null。"""
    level: int
    """5 very satisfied, 4 satisfied, 3 fair, 2 dissatisfied or 1 very dissatisfied. 评价等级：5 非常满意，4 满意，3 基本满意，2 不满意，1 非常不满意。"""
    rating_id: str
    """The rating's id, such as rat_…. 评价编号（rat_ 开头）。"""
    state: Literal["to-answer", "appealed", "answered", "rated"]
    """rated; of a bad rating to-answer, appealed or answered. 状态：rated 已评价；差评为 to-answer 待处理、appealed 已申诉或 answered 已处理。"""


class AnswerSupplementReply(TypedDict):
    applicant_subject: str
    """The applicant's id in identity, such as sub_…. 申请人在身份服务中的编号（sub_ 开头）。"""
    case_id: str
    """The case's id, such as case_…. 办件编号（case_ 开头）。"""
    created_at: str
    """When the draft was begun, UTC. 发起时间（UTC）。"""
    finished_at: NotRequired[str | None]
    """When the case ended, UTC; null while it is open. 办件结束时间（UTC）；办理中为 null。"""
    matter_code: str
    """The matter's code: a small letter, then small letters, digits and -, up to 40, such as driving-licence-renewal. 事项代码：小写字母开头，由小写字母、数字、短横线组成，最长 40 位，如 driving-licence-renewal。"""
    overdue: bool
    """Whether a limit has passed. 是否超期。"""
    paused: bool
    """Whether staff have paused the case. 是否已由工作人员暂停。"""
    stage: Literal["received", "supplement", "accepted", "examined", "granted", "not-accepted", "delivered", "refused", "withdrawn", "terminated", None]
    """The stage of the procedure by law: received, supplement, accepted, not-accepted, examined, granted, refused, delivered, withdrawn or terminated; null for drafts and for cases of before. 法定办理阶段：received 已收件，supplement 待补正，accepted 已受理，not-accepted 不予受理，examined 已审查，granted 准予，refused 不予许可，delivered 已送达，withdrawn 已撤回，terminated 已终止；草稿及历史办件为 null。"""
    stage_label: str | None
    """The stage's name in the caller's language, to be shown; null when there is no stage. 办理阶段名称，按调用方语言返回，供页面显示；没有阶段为 null。"""
    state: Literal["draft", "running", "compensating", "withdrawn", "completed", "refused", "terminated"]
    """draft, running, compensating (what was done is being undone), completed 办结, refused 不予办理, withdrawn 撤回 or terminated 终止办理. 办件状态：draft 草稿，running 办理中，compensating 退回处理中，completed 已办结，refused 不予办理，withdrawn 已撤回，terminated 已终止办理。"""
    state_label: str
    """The state's name in the caller's language, to be shown. 状态名称，按调用方语言返回，供页面显示。"""
    stuck: bool
    """Whether a step waits for people of the department. 是否有步骤受阻、需要工作人员处理。"""
    submitted_at: NotRequired[str | None]
    """When the applicant submitted, UTC; null for a draft. 提交时间（UTC）；草稿为 null。"""
    version: int
    """The version of the matter's definition, 1 and up; a case keeps the one it was started under. 事项定义的版本号，从 1 起；办件沿用发起时的版本。"""


AppealRatingReply = AnswerRatingReply


class ChooseChannelReply(TypedDict):
    case_id: str
    """The case's id, such as case_…. 办件编号（case_ 开头）。"""
    channel: str
    """The channel that was chosen. 所选支付渠道。"""
    pay_url: str
    """The page where the applicant pays; of WeChat's native product a weixin:// address to show as a QR code. 申请人缴费的页面地址；微信 Native 支付为 weixin:// 地址，须展示为二维码。"""
    state: str
    """The state of a step: pending, ready, running, waiting, stuck, completed, refused, skipped or cancelled. 步骤状态：pending 未开始，ready 待处理，running 处理中，waiting 等待外部结果，stuck 受阻，completed 已完成，refused 未通过，skipped 无需办理，cancelled 已取消。"""
    step: str
    """The step's name in the definition, such as medical-check. 步骤名称（定义中的代码），如 medical-check。"""


class ClaimTaskReplyProposal(TypedDict):
    decision: str
    """approve or refuse. 决定：approve 通过，refuse 不予通过。"""
    form: dict[str, Any]
    """What the first officer filled in. 初办人填写的内容。"""
    reason: str | None
    """Why, up to 500 characters; the applicant reads it. Needed to refuse. 理由，500 字以内，申请人可见；不予通过时必填。"""


class ClaimTaskReply(TypedDict):
    applicant_subject: str
    """The applicant's id in identity, such as sub_…. 申请人在身份服务中的编号（sub_ 开头）。"""
    case_id: str
    """The case's id, such as case_…. 办件编号（case_ 开头）。"""
    countersigning: bool
    """Whether a decision was proposed, and another officer is to agree. 是否已提出意见、待复核。"""
    decision_form: dict[str, Any] | None
    """The JSON Schema of what the officer fills in; null when nothing is asked. 须由工作人员填写内容的 JSON Schema；无须填写为 null。"""
    desk: Literal["handler", "approver", "finance", "manager"]
    """The role of the officers who do the step: handler 经办, approver 审批, finance 财务 or manager 负责人. 办理岗位：handler 经办，approver 审批，finance 财务，manager 负责人。"""
    form: dict[str, Any]
    """Fields of the application that the officer may see. 工作人员可见的申请内容。"""
    limit_at: NotRequired[str | None]
    """By when it is to be done, UTC; null without a limit. 办理期限（UTC）；未设时限为 null。"""
    matter_code: str
    """The matter's code: a small letter, then small letters, digits and -, up to 40, such as driving-licence-renewal. 事项代码：小写字母开头，由小写字母、数字、短横线组成，最长 40 位，如 driving-licence-renewal。"""
    mine: bool
    """Whether the officer of this session has taken it. 是否由当前工作人员领取。"""
    notes: list[str]
    """Reasons of those who handed the step on, oldest first. 转办、上报时填写的说明，最早的在前。"""
    overdue: bool
    """Whether a limit has passed. 是否超期。"""
    proposal: ClaimTaskReplyProposal | None
    """The decision that waits for another officer's agreement; null when none does. 待复核的处理意见；没有为 null。"""
    step: str
    """The step's name in the definition, such as medical-check. 步骤名称（定义中的代码），如 medical-check。"""
    taken: bool
    """Whether an officer has taken it. 是否已有工作人员领取。"""
    title_en: str
    """The title in English. 英文名称。"""
    title_zh: str
    """The title in Chinese. 中文名称。"""
    waiting_since: NotRequired[str | None]
    """Since when it waits, UTC. 开始等待的时间（UTC）。"""


CompensateCaseReply = AnswerSupplementReply


CompleteTaskReply = AnswerSupplementReply


DecideAcceptanceReply = AnswerSupplementReply


DecideAppealReply = AnswerRatingReply


DelegateTaskReply = AnswerSupplementReply


EscalateCaseReply = AnswerSupplementReply


ExtendCaseReply = AnswerSupplementReply


class GetCaseReplyCompensations(TypedDict):
    attempts: int
    """How often the step was tried. 已尝试的次数。"""
    duration_s: NotRequired[float | None]
    """Seconds from the step's start until its end, or until now; null before it began. 步骤已用时长（秒），未结束的算到当前；未开始为 null。"""
    error: dict[str, Any] | None
    """Why the step is stuck or was refused: code and texts; null when it is neither. 步骤受阻或未通过的原因（代码及中英文说明）；没有为 null。"""
    finished_at: NotRequired[str | None]
    """When the step ended, UTC; null before that. 步骤结束时间（UTC）；未结束为 null。"""
    kind: str
    """What the step does, such as check, callback, pay, issue_licence, deliver or notify. 步骤类型，如 check 核验、callback 等待外部结果、pay 缴费、issue_licence 制证、deliver 寄送。"""
    limit_at: NotRequired[str | None]
    """By when the step is to be done, UTC; null without a limit, or while holidays of that year are not announced. 办理期限（UTC）；未设时限或当年放假安排尚未公布为 null。"""
    overdue: bool
    """Whether a limit has passed. 是否超期。"""
    result: dict[str, Any]
    """What the step has brought, by name; empty before that. 步骤产出的结果；未完成时为空。"""
    started_at: NotRequired[str | None]
    """When the step began, UTC; null before that. 步骤开始时间（UTC）；未开始为 null。"""
    state: Literal["pending", "ready", "running", "waiting", "stuck", "skipped", "cancelled", "completed", "refused"]
    """The state of a step: pending, ready, running, waiting, stuck, completed, refused, skipped or cancelled. 步骤状态：pending 未开始，ready 待处理，running 处理中，waiting 等待外部结果，stuck 受阻，completed 已完成，refused 未通过，skipped 无需办理，cancelled 已取消。"""
    state_label: str
    """The state's name in the caller's language, to be shown. 状态名称，按调用方语言返回，供页面显示。"""
    step: str
    """The step's name in the definition, such as medical-check. 步骤名称（定义中的代码），如 medical-check。"""


class GetCaseReplyProcedureExtension(TypedDict):
    at: str
    """When it was approved, UTC. 批准时间（UTC）。"""
    reason: str
    """Why, as the applicant was told. 延长理由，已告知申请人。"""


class GetCaseReplyProcedureStops(TypedDict):
    begun_at: str
    """When the limits stopped, UTC. 停止计算的时间（UTC）。"""
    cause: Literal["hearing", "inspection", "expert-review"]
    """hearing, inspection (also testing and quarantine) or expert-review. 期限停止计算的原因：hearing 听证，inspection 检验、检测、检疫，expert-review 专家评审。"""
    ended_at: str | None
    """When they ran on, UTC; null while they stand. 恢复计算的时间（UTC）；尚未恢复为 null。"""
    expected_working_days: int
    """How many working days it was said to take. 告知的所需时间（工作日）。"""


class GetCaseReplyProcedure(TypedDict):
    accepted_at: str | None
    """As of when it is accepted, UTC; null until then. 受理时间（UTC）；未受理为 null。"""
    decided_at: str | None
    """When it was decided, UTC; null until then. 作出决定的时间（UTC）；未决定为 null。"""
    deemed_accepted: bool
    """Whether it counts as accepted because no supplement was told of within five working days. 是否因五个工作日内未告知补正而视为受理。"""
    ended_at: str | None
    """When the procedure ended, UTC; null until then. 程序结束时间（UTC）；未结束为 null。"""
    examined_at: str | None
    """When the examination ended, UTC; null until then. 审查完成时间（UTC）；未完成为 null。"""
    extension: GetCaseReplyProcedureExtension | None
    """The extension of the limits; null when there is none. 期限延长；没有为 null。"""
    legal_due_at: str | None
    """The legal limit (法定时限), UTC; null as promised_due_at. 法定办结期限（UTC）；为 null 的情形同承诺时限。"""
    pending_year: int | None
    """The year whose working days must be announced before a limit is known; null when none is. 期限待定所需的年份：该年放假安排公布后即确定；没有待定为 null。"""
    promised_due_at: str | None
    """The promised limit (承诺时限), UTC; null before the acceptance, after the decision, while the limits stand, and while the holidays of that year are not announced. 承诺办结期限（UTC）；受理前、决定后、期限停止计算期间，以及当年放假安排尚未公布时为 null。"""
    received_at: str
    """When the application was received, UTC. 收件时间（UTC）。"""
    stopped: bool
    """Whether the limits stand still. 期限是否停止计算。"""
    stops: list[GetCaseReplyProcedureStops]
    """Times that do not count, oldest first. 不计入期限的时间，最早的在前。"""


class GetCaseReplySupplement(TypedDict):
    answered_at: str | None
    """When the applicant answered, UTC; null until then. 申请人补正的时间（UTC）；未补正为 null。"""
    asked_at: str
    """When the applicant was told, UTC. 告知补正的时间（UTC）。"""
    due_at: str
    """By when the applicant is to answer, UTC. 补正期限（UTC）。"""
    fields: list[str]
    """Fields of the form that may be changed. 可修改的申请表字段。"""
    items: list[str]
    """All that is missing, in words. 须补正的全部内容。"""


class GetCaseReplyTimeline(TypedDict):
    at: str
    """When it happened, UTC. 发生时间（UTC）。"""
    en: str
    """The line in English. 记录内容（英文）。"""
    entry: str
    """A constant for what happened, such as submitted. 记录类型代码，如 submitted。"""
    step: str | None
    """The step that the line is about; null when it is about the whole case. 该条记录涉及的步骤；涉及整个办件的为 null。"""
    text: str
    """The line in the caller's language. 记录内容，按调用方语言返回。"""
    zh: str
    """The line in Chinese. 记录内容（中文）。"""


class GetCaseReply(TypedDict):
    applicant_subject: str
    """The applicant's id in identity, such as sub_…. 申请人在身份服务中的编号（sub_ 开头）。"""
    case_id: str
    """The case's id, such as case_…. 办件编号（case_ 开头）。"""
    compensations: list[GetCaseReplyCompensations]
    """What was undone, such as a refund, in the order it was undone. 已撤销的动作，如退费，按撤销顺序。"""
    created_at: str
    """When the draft was begun, UTC. 发起时间（UTC）。"""
    finished_at: NotRequired[str | None]
    """When the case ended, UTC; null while it is open. 办件结束时间（UTC）；办理中为 null。"""
    form: dict[str, Any]
    """The filled form by field name, at most 100 fields; get_guide gives its JSON Schema. 已填写的申请表，按字段名，最多 100 项；格式见 get_guide 的 form。"""
    matter_code: str
    """The matter's code: a small letter, then small letters, digits and -, up to 40, such as driving-licence-renewal. 事项代码：小写字母开头，由小写字母、数字、短横线组成，最长 40 位，如 driving-licence-renewal。"""
    notices: list[GetCaseReplyCompensations]
    """What the applicant was told, and whether it went. 已向申请人发出的通知及其状态。"""
    outcome: dict[str, Any]
    """What came of the case, such as order and licence; of a refused one reason and remedies; empty while it is open. 办理结果，如订单、证照；不予办理的含理由和救济途径（行政复议、行政诉讼及期限）；办理中为空。"""
    overdue: bool
    """Whether a limit has passed. 是否超期。"""
    paused: bool
    """Whether staff have paused the case. 是否已由工作人员暂停。"""
    procedure: GetCaseReplyProcedure | None
    """The procedure by law with its times and limits; null for drafts and for cases of before. 法定办理程序的各时间点与期限；草稿及历史办件为 null。"""
    stage: Literal["received", "supplement", "accepted", "examined", "granted", "not-accepted", "delivered", "refused", "withdrawn", "terminated", None]
    """The stage of the procedure by law: received, supplement, accepted, not-accepted, examined, granted, refused, delivered, withdrawn or terminated; null for drafts and for cases of before. 法定办理阶段：received 已收件，supplement 待补正，accepted 已受理，not-accepted 不予受理，examined 已审查，granted 准予，refused 不予许可，delivered 已送达，withdrawn 已撤回，terminated 已终止；草稿及历史办件为 null。"""
    stage_label: str | None
    """The stage's name in the caller's language, to be shown; null when there is no stage. 办理阶段名称，按调用方语言返回，供页面显示；没有阶段为 null。"""
    state: Literal["draft", "running", "compensating", "withdrawn", "completed", "refused", "terminated"]
    """draft, running, compensating (what was done is being undone), completed 办结, refused 不予办理, withdrawn 撤回 or terminated 终止办理. 办件状态：draft 草稿，running 办理中，compensating 退回处理中，completed 已办结，refused 不予办理，withdrawn 已撤回，terminated 已终止办理。"""
    state_label: str
    """The state's name in the caller's language, to be shown. 状态名称，按调用方语言返回，供页面显示。"""
    steps: list[GetCaseReplyCompensations]
    """The steps of the case, in the order of the definition. 办理步骤，按定义中的顺序。"""
    stuck: bool
    """Whether a step waits for people of the department. 是否有步骤受阻、需要工作人员处理。"""
    submitted_at: NotRequired[str | None]
    """When the applicant submitted, UTC; null for a draft. 提交时间（UTC）；草稿为 null。"""
    supplement: GetCaseReplySupplement | None
    """What the applicant was asked to supply; null when nothing was. 要求申请人补正的内容；没有为 null。"""
    timeline: list[GetCaseReplyTimeline]
    """What happened, for the applicant, oldest first. 办理进度，最早的在前，供申请人查看。"""
    version: int
    """The version of the matter's definition, 1 and up; a case keeps the one it was started under. 事项定义的版本号，从 1 起；办件沿用发起时的版本。"""


class GetGuideReplyMaterials(TypedDict):
    conditional: NotRequired[bool]
    """Whether it is required for some answers in the form. 是否在申请表的某些填写情况下必须提交。"""
    material: NotRequired[str]
    """Its name in the definition. 材料名称（定义中的代码）。"""
    most: NotRequired[int]
    """How many files are taken. 最多提交的文件数。"""
    required: NotRequired[bool]
    """Whether no case is submitted without it. 是否必须提交。"""
    title_en: NotRequired[str]
    """The title in English. 英文名称。"""
    title_zh: NotRequired[str]
    """The title in Chinese. 中文名称。"""
    types: NotRequired[list[str]]
    """Types of files that are taken. 接受的文件类型。"""


class GetGuideReplySteps(TypedDict):
    after: NotRequired[list[str]]
    """The names of the steps that must be done before this one. 须先完成的步骤名称。"""
    kind: NotRequired[str]
    """What the step does, such as check, callback, pay, issue_licence, deliver or notify. 步骤类型，如 check 核验、callback 等待外部结果、pay 缴费、issue_licence 制证、deliver 寄送。"""
    limit_working_days: NotRequired[int | None]
    """Within how many working days the step is to be done; null when it has no limit. 办理时限（工作日）；未设时限为 null。"""
    optional: NotRequired[bool]
    """Whether the step may be left out, by choice or condition. 是否可不办（可选或附条件的步骤）。"""
    step: NotRequired[str]
    """The step's name in the definition, such as medical-check. 步骤名称（定义中的代码），如 medical-check。"""
    title_en: NotRequired[str]
    """The title in English. 英文名称。"""
    title_zh: NotRequired[str]
    """The title in Chinese. 中文名称。"""


class GetGuideReply(TypedDict):
    applicant_kinds: NotRequired[list[str]]
    """Who may apply: person, organisation or both. 可申请的主体类别：person 自然人，organisation 组织。"""
    applicant_level: NotRequired[int]
    """The assurance level that the applicant needs; identity's list_levels tells them. 申请人须达到的实名等级，见 identity.list_levels。"""
    department_code: NotRequired[str]
    """The unified social credit code of the department in charge, 18 characters. 主管部门统一社会信用代码，18 位。"""
    department_name: NotRequired[str]
    """The name of the department in charge, in Chinese. 主管部门名称。"""
    form: NotRequired[dict[str, Any]]
    """The JSON Schema of the form, fields in the order to be shown. 申请表的 JSON Schema，字段按显示顺序排列。"""
    guide: NotRequired[dict[str, Any]]
    """The guide's texts (办事指南) in zh and en: conditions, materials, time limit, fees. 办事指南文本（zh、en）：受理条件、申请材料、办理时限、收费等。"""
    item_code: NotRequired[str]
    """The item's code in the national catalogue (GB/T 39554.1): 12 digits, or 31 characters for an implementation. 政务服务事项编码（GB/T 39554.1）：基本编码 12 位，实施编码 31 位。"""
    legal_limit: NotRequired[dict[str, Any]]
    """The limit by law, from the acceptance: working_days, days or months, and by how many it may be extended. 法定办结时限，自受理之日起：working_days 工作日、days 自然日或 months 月；extension 为可延长的数量。"""
    materials: NotRequired[list[GetGuideReplyMaterials]]
    """Files that the applicant gives; request_upload takes them. 须提交的材料文件，用 request_upload 上传。"""
    matter_code: str
    """The matter's code: a small letter, then small letters, digits and -, up to 40, such as driving-licence-renewal. 事项代码：小写字母开头，由小写字母、数字、短横线组成，最长 40 位，如 driving-licence-renewal。"""
    promised_limit: NotRequired[dict[str, Any]]
    """The promised limit, in the same form. 承诺办结时限，形式同上。"""
    published_at: NotRequired[str]
    """When this version was published, UTC. 本版本发布时间（UTC）。"""
    steps: NotRequired[list[GetGuideReplySteps]]
    """The steps of the matter, in the order of the definition. 该事项的办理步骤，按定义中的顺序。"""
    title_en: NotRequired[str]
    """The title in English. 英文名称。"""
    title_zh: NotRequired[str]
    """The title in Chinese. 中文名称。"""
    version: int
    """The version of the matter's definition, 1 and up; a case keeps the one it was started under. 事项定义的版本号，从 1 起；办件沿用发起时的版本。"""


GetTaskReply = ClaimTaskReply


class ListCasesReply(TypedDict):
    items: list[AnswerSupplementReply]
    """The cases on this page, newest first. 本页办件，最新的在前。"""
    next: str | None
    """The cursor to send as `after` for the next page; null when this is the last one. 下一页游标，作为 after 传回；为 null 表示已是最后一页。"""


class ListDocumentsReplyItems(TypedDict):
    case_id: str
    """The case's id, such as case_…. 办件编号（case_ 开头）。"""
    document_id: str
    """The document's id, such as doc_…. 文书编号（doc_ 开头）。"""
    issued_on: str
    """The day of its issue, in China. 出具日期（中国日期）。"""
    kind: Literal["receipt", "supplement", "acceptance", "non-acceptance", "extension", "payment", "grant", "refusal", "delivery"]
    """receipt, supplement, acceptance, non-acceptance, extension, payment, grant, refusal or delivery. 文书类型：receipt 收件凭证，supplement 补正告知，acceptance 受理，non-acceptance 不予受理，extension 延期，payment 缴费通知，grant 准予，refusal 不予许可，delivery 送达。"""
    number: str | None
    """Its number in the department's year, such as 示公交许〔2026〕12号; null until it is counted, about 2 s. 发文字号，如 示公交许〔2026〕12号；编号前（约两秒）为 null。"""
    sha256: str | None
    """The SHA-256 of the file, in hex; null until somebody first asks for the file. 文件的 SHA-256（十六进制）；文件尚未生成为 null。"""
    stamped: bool | None
    """Whether the file has an electronic seal; null until somebody first asks for the file. 文件是否加盖电子印章；文件尚未生成为 null。"""
    step: str | None
    """The step that it is about, such as the payment; null for the whole case. 涉及的步骤，如缴费；涉及整个办件的为 null。"""
    text_en: str
    """The text in English. 英文正文。"""
    text_zh: str
    """The text in Chinese. 中文正文。"""
    title_en: str
    """The title in English. 英文名称。"""
    title_zh: str
    """The title in Chinese. 中文名称。"""


class ListDocumentsReply(TypedDict):
    items: list[ListDocumentsReplyItems]
    """The documents of the case, in the order of their issue. 办件的文书，按出具先后排列。"""


class ListMaterialsReplyItems(TypedDict):
    case_id: str
    """The case's id, such as case_…. 办件编号（case_ 开头）。"""
    file_name: str | None
    """How the applicant calls the file, up to 200 characters; null: not said. 申请人的文件名，200 字以内；未提供为 null。"""
    given_at: str | None
    """When it was given, UTC; null until then. 提交时间（UTC）；未提交为 null。"""
    material: str
    """The material's name in the definition, such as photo. 材料名称（定义中的代码），如 photo。"""
    material_id: str
    """The file's id, such as mat_…. 材料文件编号（mat_ 开头）。"""
    media_type: str
    """application/pdf, image/jpeg, image/png or application/ofd. 文件类型：application/pdf、image/jpeg、image/png 或 application/ofd。"""
    sha256: str | None
    """The SHA-256 of the file, in hex; null until it was uploaded. 文件的 SHA-256（十六进制）；上传前为 null。"""
    size: int
    """Its size in bytes, at most 20 MiB. 文件大小（字节），不超过 20 MiB。"""
    state: Literal["awaited", "given", "removed"]
    """awaited, given or removed. 状态：awaited 待上传，given 已提交，removed 已删除。"""


class ListMaterialsReply(TypedDict):
    items: list[ListMaterialsReplyItems]
    """The files of the case, oldest first. 办件的材料文件，最早的在前。"""


class ListMattersReplyItems(TypedDict):
    department_code: NotRequired[str]
    """The unified social credit code of the department in charge, 18 characters. 主管部门统一社会信用代码，18 位。"""
    department_name: NotRequired[str]
    """The name of the department in charge, in Chinese. 主管部门名称。"""
    item_code: NotRequired[str]
    """The item's code in the national catalogue (GB/T 39554.1): 12 digits, or 31 characters for an implementation. 政务服务事项编码（GB/T 39554.1）：基本编码 12 位，实施编码 31 位。"""
    matter_code: str
    """The matter's code: a small letter, then small letters, digits and -, up to 40, such as driving-licence-renewal. 事项代码：小写字母开头，由小写字母、数字、短横线组成，最长 40 位，如 driving-licence-renewal。"""
    published_at: NotRequired[str]
    """When this version was published, UTC. 本版本发布时间（UTC）。"""
    title_en: NotRequired[str]
    """The title in English. 英文名称。"""
    title_zh: NotRequired[str]
    """The title in Chinese. 中文名称。"""
    version: int
    """The version of the matter's definition, 1 and up; a case keeps the one it was started under. 事项定义的版本号，从 1 起；办件沿用发起时的版本。"""


class ListMattersReply(TypedDict):
    items: list[ListMattersReplyItems]
    """The newest versions of matters on this page, by code. 本页事项的最新版本，按代码排序。"""
    next: str | None
    """The cursor to send as `after` for the next page; null when this is the last one. 下一页游标，作为 after 传回；为 null 表示已是最后一页。"""


class ListRatingsReplyItems(TypedDict):
    answer: str | None
    """What was done about it; null until then. 处理情况；未处理为 null。"""
    answered_at: str | None
    """When it was answered, UTC; null until then. 处理时间（UTC）；未处理为 null。"""
    appeal: str | None
    """Why an officer holds that it should not count; null: nobody does. 申诉理由；没有为 null。"""
    case_id: str
    """The case's id, such as case_…. 办件编号（case_ 开头）。"""
    comment: str | None
    """What the applicant wrote; null: nothing. 申请人的文字评价；没有为 null。"""
    due_at: str | None
    """By when a bad rating is answered, UTC; null for others, and while the holidays of that year are not announced. 差评处理期限（UTC）；非差评，或当年放假安排尚未公布为 null。"""
    level: int
    """5 very satisfied, 4 satisfied, 3 fair, 2 dissatisfied or 1 very dissatisfied. 评价等级：5 非常满意，4 满意，3 基本满意，2 不满意，1 非常不满意。"""
    matter_code: str
    """The matter's code: a small letter, then small letters, digits and -, up to 40, such as driving-licence-renewal. 事项代码：小写字母开头，由小写字母、数字、短横线组成，最长 40 位，如 driving-licence-renewal。"""
    overdue: bool
    """Whether a limit has passed. 是否超期。"""
    rated_at: str
    """When it was given, UTC. 评价时间（UTC）。"""
    rating_id: str
    """The rating's id, such as rat_…. 评价编号（rat_ 开头）。"""
    scores: dict[str, Any]
    """Scores by name. 分项评分。"""
    state: Literal["to-answer", "appealed", "answered", "rated"]
    """rated; of a bad rating to-answer, appealed or answered. 状态：rated 已评价；差评为 to-answer 待处理、appealed 已申诉或 answered 已处理。"""


class ListRatingsReply(TypedDict):
    items: list[ListRatingsReplyItems]
    """The ratings on this page, oldest first. 本页评价，最早的在前。"""
    next: str | None
    """The cursor to send as `after` for the next page; null when this is the last one. 下一页游标，作为 after 传回；为 null 表示已是最后一页。"""


class ListTasksReplyItems(TypedDict):
    applicant_subject: str
    """The applicant's id in identity, such as sub_…. 申请人在身份服务中的编号（sub_ 开头）。"""
    case_id: str
    """The case's id, such as case_…. 办件编号（case_ 开头）。"""
    countersigning: bool
    """Whether a decision was proposed, and another officer is to agree. 是否已提出意见、待复核。"""
    desk: Literal["handler", "approver", "finance", "manager"]
    """The role of the officers who do the step: handler 经办, approver 审批, finance 财务 or manager 负责人. 办理岗位：handler 经办，approver 审批，finance 财务，manager 负责人。"""
    limit_at: NotRequired[str | None]
    """By when it is to be done, UTC; null without a limit. 办理期限（UTC）；未设时限为 null。"""
    matter_code: str
    """The matter's code: a small letter, then small letters, digits and -, up to 40, such as driving-licence-renewal. 事项代码：小写字母开头，由小写字母、数字、短横线组成，最长 40 位，如 driving-licence-renewal。"""
    mine: bool
    """Whether the officer of this session has taken it. 是否由当前工作人员领取。"""
    overdue: bool
    """Whether a limit has passed. 是否超期。"""
    step: str
    """The step's name in the definition, such as medical-check. 步骤名称（定义中的代码），如 medical-check。"""
    taken: bool
    """Whether an officer has taken it. 是否已有工作人员领取。"""
    title_en: str
    """The title in English. 英文名称。"""
    title_zh: str
    """The title in Chinese. 中文名称。"""
    waiting_since: NotRequired[str | None]
    """Since when it waits, UTC. 开始等待的时间（UTC）。"""


class ListTasksReply(TypedDict):
    items: list[ListTasksReplyItems]
    """The steps on this page, the one that waits longest first. 本页待办环节，等待最久的在前。"""
    next: str | None
    """The cursor to send as `after` for the next page; null when this is the last one. 下一页游标，作为 after 传回；为 null 表示已是最后一页。"""


PauseCaseReply = AnswerSupplementReply


class PublishDefinitionReplyWarnings(TypedDict):
    allowed: str
    """What is allowed there. 允许的取值。"""
    line: int
    """The line of the file, from 1. 文件行号，从 1 起。"""
    message: str
    """What is wrong. 问题说明。"""
    path: str
    """Where it is in the definition, such as steps.0.with.template. 在定义中的位置，如 steps.0.with.template。"""


class PublishDefinitionReply(TypedDict):
    department_code: NotRequired[str]
    """The unified social credit code of the department in charge, 18 characters. 主管部门统一社会信用代码，18 位。"""
    department_name: NotRequired[str]
    """The name of the department in charge, in Chinese. 主管部门名称。"""
    item_code: NotRequired[str]
    """The item's code in the national catalogue (GB/T 39554.1): 12 digits, or 31 characters for an implementation. 政务服务事项编码（GB/T 39554.1）：基本编码 12 位，实施编码 31 位。"""
    matter_code: str
    """The matter's code: a small letter, then small letters, digits and -, up to 40, such as driving-licence-renewal. 事项代码：小写字母开头，由小写字母、数字、短横线组成，最长 40 位，如 driving-licence-renewal。"""
    published_at: NotRequired[str]
    """When this version was published, UTC. 本版本发布时间（UTC）。"""
    title_en: NotRequired[str]
    """The title in English. 英文名称。"""
    title_zh: NotRequired[str]
    """The title in Chinese. 中文名称。"""
    version: int
    """The version of the matter's definition, 1 and up; a case keeps the one it was started under. 事项定义的版本号，从 1 起；办件沿用发起时的版本。"""
    warnings: list[PublishDefinitionReplyWarnings]
    """What the definition names and nobody has, published all the same because of allow_missing. 定义引用而不存在的内容；因 allow_missing 仍予发布。"""


RateCaseReply = AnswerRatingReply


ReleaseTaskReply = ClaimTaskReply


RemoveMaterialReply = ListMaterialsReplyItems


class RequestDocumentReply(TypedDict):
    document_id: str
    """The document's id, such as doc_…. 文书编号（doc_ 开头）。"""
    path: str
    """Where the PDF comes from (GET) at the gateway; good once, and without any other key. 在网关下载（GET）PDF 文件的路径；一次有效，无须其他密钥。"""
    until: str
    """Until when it is good, UTC. 有效期至（UTC）。"""


class RequestDownloadReply(TypedDict):
    material_id: str
    """The file's id, such as mat_…. 材料文件编号（mat_ 开头）。"""
    path: str
    """Where the file goes (PUT) or comes from (GET) at the gateway; good once, and without any other key. 在网关上传（PUT）或下载（GET）文件的路径；一次有效，无须其他密钥。"""
    until: str
    """Until when it is good, UTC. 有效期至（UTC）。"""


RequestSupplementReply = AnswerSupplementReply


RequestUploadReply = RequestDownloadReply


RestartClockReply = AnswerSupplementReply


ResumeCaseReply = AnswerSupplementReply


ReuseMaterialReply = ListMaterialsReplyItems


RunStepNowReply = AnswerSupplementReply


SaveFormReply = AnswerSupplementReply


SkipStepReply = AnswerSupplementReply


StartCaseReply = AnswerSupplementReply


StopClockReply = AnswerSupplementReply


SubmitCaseReply = AnswerSupplementReply


WithdrawCaseReply = AnswerSupplementReply


class CaseAcceptedData(TypedDict):
    app: str | None
    """The app that started the case; null when no app did. 发起办件的应用；不是由应用发起为 null。"""
    applicant_subject: str
    """The applicant's id in identity, such as sub_…. 申请人在身份服务中的编号（sub_ 开头）。"""
    case_id: str
    """The case's id, such as case_…. 办件编号（case_ 开头）。"""
    finished_at: str | None
    """When the case ended, UTC; null while it is open. 办件结束时间（UTC）；办理中为 null。"""
    matter_code: str
    """The matter's code: a small letter, then small letters, digits and -, up to 40, such as driving-licence-renewal. 事项代码：小写字母开头，由小写字母、数字、短横线组成，最长 40 位，如 driving-licence-renewal。"""
    reason_code: str | None
    """A constant for why the case was refused or is stuck; null when neither. 不予办理或受阻的原因代码；没有为 null。"""
    stage: str | None
    """The stage of the procedure by law: received, supplement, accepted, not-accepted, examined, granted, refused, delivered, withdrawn or terminated; null for drafts and for cases of before. 法定办理阶段：received 已收件，supplement 待补正，accepted 已受理，not-accepted 不予受理，examined 已审查，granted 准予，refused 不予许可，delivered 已送达，withdrawn 已撤回，terminated 已终止；草稿及历史办件为 null。"""
    state: str
    """The case's state after the event, as in get_case. 事件发生后的办件状态，取值同 get_case。"""
    submitted_at: str | None
    """When the applicant submitted, UTC; null for a draft. 提交时间（UTC）；草稿为 null。"""
    version: int
    """The version of the matter's definition, 1 and up; a case keeps the one it was started under. 事项定义的版本号，从 1 起；办件沿用发起时的版本。"""


CaseClockRestartedData = CaseAcceptedData


CaseClockStoppedData = CaseAcceptedData


CaseCompletedData = CaseAcceptedData


CaseDecidedData = CaseAcceptedData


CaseDueSoonData = CaseAcceptedData


CaseExtendedData = CaseAcceptedData


CaseFailedData = CaseAcceptedData


CaseOverdueData = CaseAcceptedData


class CaseRatedData(TypedDict):
    app: str | None
    """The app that the case belongs to; null when no app began it. 办件所属应用；不是由应用发起的为 null。"""
    case_id: str
    """The case's id, such as case_…. 办件编号（case_ 开头）。"""
    due_at: str | None
    """By when a bad rating is answered, UTC; null for others, and while the holidays of that year are not announced. 差评处理期限（UTC）；非差评，或当年放假安排尚未公布为 null。"""
    level: int
    """5 very satisfied, 4 satisfied, 3 fair, 2 dissatisfied or 1 very dissatisfied. 评价等级：5 非常满意，4 满意，3 基本满意，2 不满意，1 非常不满意。"""
    matter_code: str
    """The matter's code: a small letter, then small letters, digits and -, up to 40, such as driving-licence-renewal. 事项代码：小写字母开头，由小写字母、数字、短横线组成，最长 40 位，如 driving-licence-renewal。"""
    rating_id: str
    """The rating's id, such as rat_…. 评价编号（rat_ 开头）。"""
    state: str
    """rated; of a bad rating to-answer, appealed or answered. 状态：rated 已评价；差评为 to-answer 待处理、appealed 已申诉或 answered 已处理。"""


CaseRefusedData = CaseAcceptedData


CaseSubmittedData = CaseAcceptedData


CaseTerminatedData = CaseAcceptedData


CaseWithdrawnData = CaseAcceptedData


class EvidenceSealedData(TypedDict):
    head: str
    """Merkle root over all segments so far, 64 hex digits. 截至本段的全部封存段的默克尔根，64 位十六进制。"""
    key_id: str
    """The key that signed the head. 签署链头的密钥编号。"""
    number: int
    """Number of the segment in this log, from 1. 该日志中封存段的序号，从 1 开始。"""
    owner: str
    """The department whose log was continued. 日志所属部门。"""
    signature: str
    """Ed25519 signature of the head, in base64. 链头的 Ed25519 签名，base64 编码。"""
    statement: str
    """The segment's statement as it is hashed: JSON with service, owner, number, first, count, root, previous, sealed_at and key_id. 封存段声明原文（按此计算哈希）：JSON，含 service、owner、number、first、count、root、previous、sealed_at 和 key_id。"""


class StepDueData(TypedDict):
    case_id: str
    """The case's id, such as case_…. 办件编号（case_ 开头）。"""
    step_id: str
    """The id of the step that is due, for the engine. 到期步骤的内部编号，供引擎使用。"""


SupplementAnsweredData = CaseAcceptedData


SupplementRequestedData = CaseAcceptedData
