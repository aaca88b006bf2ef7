"""Requests, replies and events of mandates."""
from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from services.identity.mandates.domain import mandate as domain
from services.identity.mandates.domain import states
from services.identity.mandates.usecases import answer, appoint, read, representation
from services.identity.subjects.schemas import (
    ID_NUMBER,
    ID_NUMBER_TEXT,
    ID_TYPE,
    ID_TYPE_TEXT,
    NAME,
    PERSONAL,
    SENSITIVE,
)
from shared_components.contracts import EventContract, Message, PageReply, PageRequest, SubjectId, text
from shared_components.kernel.bilingual import Bilingual

MOST_NAMES = 16
SCOPE = validate.Regexp(r"\A(\*|[a-z][a-z0-9-]{0,39}(:[a-z0-9][a-z0-9.-]{0,59})?)\Z", error=Bilingual(
    "'*', a resource such as licence, or licence:driving-licence is allowed.",
    "只允许 *、资源名（如 licence）或 licence:driving-licence 这类写法。"))
MATTER = validate.Regexp(r"\A[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}\Z", error=Bilingual(
    "Only 1 to 64 letters, digits and _.:- are allowed.", "只允许 1 至 64 位字母、数字及 _.:-。"))
MANDATE_ID = validate.Length(1, 64)

MANDATE_TEXT = text("The mandate's id, such as man_….", "授权编号（man_ 开头）。")
KIND_TEXT = text(
    "representative (legal representative), manager (may appoint handlers) or handler.",
    "类别：representative 法定代表人，manager 管理员（可设立经办人），handler 经办人。")
PRINCIPAL_TEXT = text(
    "Subject id of the person or organisation that is acted for.", "授权人（自然人或组织）的主体编号。")
AGENT_TEXT = text(
    "Subject id of the agent; null until the agent has accepted.", "被授权人的主体编号；尚未接受时为 null。")
SCOPES_TEXT = text(
    "Resources that the agent may use, such as order or licence:driving-licence; * is all but the own account.",
    "授权范围（资源名，如 order、licence:driving-licence）；* 为全部。授权人自身的账户事项始终除外。")
MATTERS_TEXT = text(
    "Item codes of the matters that it is limited to; empty: no such limit.", "限定的事项编码；为空表示不限事项。")
LIMIT_TEXT = text("The largest amount in minor units; null: no limit.", "金额上限（分）；不限为 null。")
FROM_TEXT = text("The first day, in China; left out, today.", "授权首日（北京时间）；不填为当日。")
UNTIL_TEXT = text("The last day, in China; null does not end.", "授权末日（北京时间）；长期有效为 null。")
STATE_TEXT = text(
    "proposed, active, suspended (principal or agent is frozen), refused, revoked, expired or ended.",
    "状态：proposed 待接受，active 有效，suspended 中止（一方被冻结），refused 已拒绝，revoked 已撤销，"
    "expired 已到期，ended 已终止。")
WHAT_TEXT = text(
    "The change, such as mandate-accepted, revoked-by-agent or mandate-expired.",
    "变更内容代码，如 mandate-accepted 已接受、revoked-by-agent 被授权人撤销、mandate-expired 到期。")


def _scopes(**more: Any) -> fields.List[Any]:
    return fields.List(fields.String(validate=SCOPE), metadata=SCOPES_TEXT, **more)


def _matters(**more: Any) -> fields.List[Any]:
    return fields.List(fields.String(validate=MATTER), metadata=MATTERS_TEXT, **more)


class AppointAgent(Message):
    command = appoint.AppointAgent
    agent_name = fields.String(required=True, validate=NAME, metadata={**text(
        "The agent's name, as the identity document has it.", "被授权人姓名，与证件一致。"), **PERSONAL})
    agent_id_type = fields.String(load_default="111", validate=ID_TYPE, metadata=ID_TYPE_TEXT)
    agent_id_number = fields.String(required=True, validate=ID_NUMBER, metadata={**ID_NUMBER_TEXT, **SENSITIVE})
    kind = fields.String(
        load_default=domain.HANDLER, validate=validate.OneOf((domain.MANAGER, domain.HANDLER)), metadata=KIND_TEXT)
    scopes = _scopes(required=True, validate=validate.Length(1, MOST_NAMES))
    matters = _matters(load_default=list, validate=validate.Length(0, MOST_NAMES))
    limit_minor = fields.Integer(
        strict=True, allow_none=True, validate=validate.Range(0, 10**15), metadata=LIMIT_TEXT)
    valid_from = fields.Date(allow_none=True, metadata=FROM_TEXT)
    valid_until = fields.Date(allow_none=True, metadata=UNTIL_TEXT)


class ProveRepresentation(Message):
    command = representation.ProveRepresentation
    credit_code = fields.String(required=True, validate=ID_NUMBER, metadata=text(
        "The organisation's unified social credit code, 18 characters by GB 32100.",
        "组织的统一社会信用代码，18 位（GB 32100）。"))
    organisation_name = fields.String(required=True, validate=NAME, metadata={**text(
        "The organisation's name, as the register has it.", "组织名称，与登记一致。"), **PERSONAL})


class ByMandate(Message):
    command = answer.ByMandate
    mandate_id = fields.String(required=True, validate=MANDATE_ID, metadata=MANDATE_TEXT)


class ListMandates(PageRequest):
    command = read.ListMandates
    direction = fields.String(
        load_default=read.RECEIVED, validate=validate.OneOf((read.GIVEN, read.RECEIVED)), metadata=text(
            "given by the acting subject, or received.", "方向：given 本方授出，received 本方收到。"))
    state = fields.String(
        allow_none=True, validate=validate.OneOf(states.MANDATE.states), metadata=text(
            "Only mandates in this state.", "只列出该状态的授权。"))


class ListMandateChanges(PageRequest):
    command = read.ListMandateChanges
    mandate_id = fields.String(required=True, validate=MANDATE_ID, metadata=MANDATE_TEXT)


class Mandate(Message):
    """Names of persons are masked."""

    mandate_id = fields.String(metadata=MANDATE_TEXT)
    kind = fields.String(metadata=KIND_TEXT)
    principal_id = SubjectId(metadata=PRINCIPAL_TEXT)
    principal_name = fields.String(metadata={**text(
        "The principal's name; of a person masked.", "授权人名称；自然人姓名已脱敏。"), **PERSONAL})
    agent_id = SubjectId(allow_none=True, metadata=AGENT_TEXT)
    agent_name = fields.String(metadata={**text("The agent's name, masked.", "被授权人姓名，已脱敏。"), **PERSONAL})
    scopes = _scopes()
    matters = _matters()
    limit_minor = fields.Integer(allow_none=True, metadata=LIMIT_TEXT)
    valid_from = fields.Date(metadata=text("The first day, in China.", "授权首日（北京时间）。"))
    valid_until = fields.Date(allow_none=True, metadata=UNTIL_TEXT)
    state = fields.String(metadata=STATE_TEXT)
    state_label = fields.String(metadata=text(
        "The state's name in the caller's language, to be shown.", "状态名称，供页面显示，语言与调用方一致。"))
    created_at = fields.AwareDateTime(metadata=text("When the mandate was proposed, UTC.", "授权提出时间（UTC）。"))


class MandatePage(PageReply):
    items = fields.List(fields.Nested(Mandate), metadata=text(
        "The mandates on this page, newest first.", "本页授权，最新的在前。"))


class MandateChange(Message):
    revision = fields.Integer(metadata=text("The number of the change, from 1.", "变更序号，从 1 起。"))
    what = fields.String(metadata=WHAT_TEXT)
    facts = fields.Dict(metadata=text(
        "States, scopes and limits; no personal data.", "状态、范围与限额；不含个人信息。"))
    at = fields.AwareDateTime(metadata=text("When the change was made, UTC.", "变更时间（UTC）。"))


class MandateChangePage(PageReply):
    items = fields.List(fields.Nested(MandateChange), metadata=text(
        "The changes on this page, newest first.", "本页变更记录，最新的在前。"))


class MandateChanged(Message):
    mandate_id = fields.String(metadata=MANDATE_TEXT)
    kind = fields.String(metadata=KIND_TEXT)
    principal_id = SubjectId(metadata=PRINCIPAL_TEXT)
    agent_id = SubjectId(allow_none=True, metadata=AGENT_TEXT)
    state = fields.String(metadata=STATE_TEXT)
    what = fields.String(metadata=WHAT_TEXT)
    changed_at = fields.AwareDateTime(metadata=text("When the change was made, UTC.", "变更时间（UTC）。"))


EVENTS = (
    EventContract(states.MANDATE_CHANGED, MandateChanged, summary="A mandate was proposed or has changed.",
                  summary_zh="授权已提出或变更。"),
)
