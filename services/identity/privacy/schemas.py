"""Requests, replies and events about personal information."""
from __future__ import annotations

from collections.abc import Mapping

from marshmallow import fields, validate

from services.identity.privacy.domain import states
from services.identity.privacy.domain.request import REASON_CHARACTERS
from services.identity.privacy.usecases import decide, read, submit
from services.identity.subjects.schemas import EMAIL_TEXT, MOBILE, MOBILE_TEXT, NAME, NAME_TEXT, PERSONAL, SENSITIVE
from shared_components.contracts import EventContract, Message, PageReply, PageRequest, SubjectId, text
from shared_components.contracts.addresses import EmailAddressField

REQUEST_TEXT = text("The request's id, such as pir_….", "请求编号（pir_ 开头）。")
SUBJECT_TEXT = text("The person's subject id.", "当事人的主体编号。")
KIND_TEXT = text(
    "inspect, copy, correct, delete, restrict, withdraw-consent or close-account.",
    "请求类别：inspect 查阅，copy 复制，correct 更正，delete 删除，restrict 限制处理，withdraw-consent 撤回同意，"
    "close-account 注销账号。")
STATE_TEXT = text(
    "submitted, done, refused or cancelled.",
    "状态：submitted 办理中，done 已办结，refused 不予办理，cancelled 本人已撤回。")
REASON_TEXT = text(
    "Why a request was refused; the person sees it.", "不予办理的理由，当事人可见。", **PERSONAL)
DUE_TEXT = text("By when it is answered, UTC.", "办理期限（UTC）。")


class Corrections(Message):
    """New values; a field that is left out stays as it is, null removes a contact."""

    name = fields.String(validate=NAME, metadata={**NAME_TEXT, **PERSONAL})
    mobile = fields.String(allow_none=True, validate=MOBILE, metadata={**MOBILE_TEXT, **SENSITIVE})
    email = EmailAddressField(allow_none=True, metadata={**EMAIL_TEXT, **SENSITIVE})


def check_corrections(given: Mapping[str, str | None]) -> tuple[Mapping[str, str | None], list[str]]:
    """New values as a call has them, and the names of those that are wrong."""
    wrong = list(Corrections().validate(given))
    return ({} if wrong else Corrections().load(given)), wrong


class SubmitPersonalRequest(Message):
    command = submit.SubmitPersonalRequest
    kind = fields.String(required=True, validate=validate.OneOf(states.KINDS), metadata=KIND_TEXT)
    explanation = fields.String(allow_none=True, validate=validate.Length(1, 500), metadata=text(
        "What the person wants to say about it, up to 500 characters.", "补充说明，500 字以内。", **PERSONAL))
    corrections = fields.Nested(Corrections, load_default=dict, metadata=text(
        "For a correction: the new values.", "更正请求须填写更正后的内容。"))


class ByPersonalRequest(Message):
    command = decide.ByPersonalRequest
    request_id = fields.String(required=True, validate=validate.Length(1, 64), metadata=REQUEST_TEXT)


class DecidePersonalRequest(Message):
    command = decide.DecidePersonalRequest
    request_id = fields.String(required=True, validate=validate.Length(1, 64), metadata=REQUEST_TEXT)
    grant = fields.Boolean(required=True, metadata=text(
        "True: it is done; false: it is refused.", "true 办理，false 不予办理。"))
    reason = fields.String(
        allow_none=True, validate=validate.Length(1, REASON_CHARACTERS), metadata=REASON_TEXT)


class ListPersonalRequests(PageRequest):
    command = read.ListPersonalRequests
    state = fields.String(
        allow_none=True, validate=validate.OneOf(states.REQUEST.states), metadata=text(
            "Only requests in this state.", "只列出该状态的请求。"))


class PersonalRequest(Message):
    request_id = fields.String(metadata=REQUEST_TEXT)
    subject_id = SubjectId(metadata=SUBJECT_TEXT)
    kind = fields.String(metadata=KIND_TEXT)
    kind_label = fields.String(metadata=text(
        "The kind's name in the caller's language.", "请求类别名称，语言与调用方一致。"))
    state = fields.String(metadata=STATE_TEXT)
    state_label = fields.String(metadata=text(
        "The state's name in the caller's language.", "状态名称，语言与调用方一致。"))
    submitted_at = fields.AwareDateTime(metadata=text("When it was submitted, UTC.", "提交时间（UTC）。"))
    due_at = fields.AwareDateTime(metadata=DUE_TEXT)
    late = fields.Boolean(metadata=text("Whether it waits beyond its term.", "是否已超过办理期限。"))
    explanation = fields.String(allow_none=True, metadata=text(
        "What the person said about it.", "当事人的补充说明。", **PERSONAL))
    correcting = fields.List(fields.String(), metadata=text(
        "Names of the fields to be corrected: name, mobile, email.",
        "待更正的字段：name 姓名，mobile 手机号码，email 电子邮箱。"))
    decided_at = fields.AwareDateTime(allow_none=True, metadata=text("When it was decided, UTC.", "办结时间（UTC）。"))
    reason = fields.String(allow_none=True, metadata=REASON_TEXT)


class PersonalRequestPage(PageReply):
    items = fields.List(fields.Nested(PersonalRequest), metadata=text(
        "The requests on this page, newest first.", "本页请求，最新的在前。"))


class PersonalCopy(Message):
    request_id = fields.String(metadata=REQUEST_TEXT)
    document = fields.String(metadata=text(
        "What identity holds of the person: JSON, in base64.",
        "本平台身份服务保存的本人信息（JSON，base64 编码）。", **SENSITIVE))
    key_id = fields.String(metadata=text("The key that signed the document.", "签名密钥编号。"))
    signature = fields.String(metadata=text(
        "Ed25519 over the document's bytes, in base64.", "对文档字节的 Ed25519 签名（base64 编码）。"))
    made_at = fields.AwareDateTime(metadata=text("When the copy was made, UTC.", "副本生成时间（UTC）。"))
    expires_at = fields.AwareDateTime(metadata=text("Until when it can be fetched, UTC.", "领取截止时间（UTC）。"))


class PersonalRequestChanged(Message):
    request_id = fields.String(metadata=REQUEST_TEXT)
    subject_id = SubjectId(metadata=SUBJECT_TEXT)
    kind = fields.String(metadata=KIND_TEXT)
    state = fields.String(metadata=STATE_TEXT)
    due_at = fields.AwareDateTime(metadata=DUE_TEXT)
    changed_at = fields.AwareDateTime(metadata=text("When the change was made, UTC.", "变更时间（UTC）。"))


EVENTS = (
    EventContract(states.REQUEST_CHANGED, PersonalRequestChanged,
                  summary="A request about personal information was submitted or has changed.",
                  summary_zh="个人信息权利请求已提交或变更。"),
)
