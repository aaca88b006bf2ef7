"""Requests and replies about sessions and tokens."""
from __future__ import annotations

from marshmallow import fields, validate

from services.identity.sessions.usecases import introspect, own_sessions
from shared_components.contracts import Message, PageReply, PageRequest, SubjectId, text

LONGEST_TOKEN = 8192
SESSION_TEXT = text("The session's id, such as ses_….", "会话编号（ses_ 开头）。")
KIND_TEXT = text("citizen or officer.", "会话类别：citizen 个人（法人），officer 工作人员。")
LEVEL_TEXT = text("Assurance level of the session now.", "会话当前的实名等级。")


class ListSessions(PageRequest):
    command = own_sessions.ListSessions


class Session(Message):
    session_id = fields.String(metadata=SESSION_TEXT)
    kind = fields.String(metadata=KIND_TEXT)
    device = fields.String(allow_none=True, metadata={
        **text("Name of the browser or device.", "浏览器或设备名称。"), "data_class": "personal"})
    amr = fields.List(fields.String(), metadata=text(
        "How the person has signed in, by RFC 8176: pwd, otp, hwk, swk; ext is another identity provider.",
        "登录方式（RFC 8176）：pwd 密码，otp 验证码，hwk、swk 通行密钥，ext 外部身份认证。"))
    level = fields.Integer(metadata=LEVEL_TEXT)
    opened_at = fields.AwareDateTime(metadata=text("When the person signed in, UTC.", "登录时间（UTC）。"))
    used_at = fields.AwareDateTime(metadata=text("The last sign of life, UTC.", "最近一次活动的时间（UTC）。"))
    ends_at = fields.AwareDateTime(metadata=text(
        "The end when there is no further sign of life, UTC.", "若无后续活动，会话结束的时间（UTC）。"))
    current = fields.Boolean(metadata=text("It is the session of this call.", "是否为本次调用所在的会话。"))


class SessionPage(PageReply):
    items = fields.List(fields.Nested(Session), metadata=text(
        "The sessions on this page, newest first.", "本页会话，最新的在前。"))


class EndSession(Message):
    command = own_sessions.EndOwnSession
    session_id = fields.String(required=True, validate=validate.Length(1, 64), metadata=SESSION_TEXT)


class EndOtherSessions(Message):
    command = own_sessions.EndOtherSessions


class SessionsEnded(Message):
    ended = fields.Integer(metadata=text("How many sessions have ended.", "已结束的会话数。"))


class IntrospectToken(Message):
    command = introspect.IntrospectToken
    token = fields.String(required=True, validate=validate.Length(1, LONGEST_TOKEN), metadata={
        **text("The access token that the app was shown.", "应用收到的访问令牌。"), "data_class": "secret"})


class Token(Message):
    active = fields.Boolean(metadata=text(
        "The token counts now, for the app that asks; all else is null when it does not.",
        "令牌当前对调用方应用是否有效；无效时其余字段均为 null。"))
    subject_id = SubjectId(allow_none=True, metadata=text("The person who acts.", "操作人的主体编号。"))
    session_id = fields.String(allow_none=True, metadata=SESSION_TEXT)
    kind = fields.String(allow_none=True, metadata=KIND_TEXT)
    level = fields.Integer(allow_none=True, metadata=LEVEL_TEXT)
    scopes = fields.List(fields.String(), allow_none=True, metadata=text(
        "Resources that the token covers.", "令牌的授权范围。"))
    expires_at = fields.AwareDateTime(allow_none=True, metadata=text("The token's end, UTC.", "令牌到期时间（UTC）。"))
    principal_id = SubjectId(allow_none=True, metadata=text(
        "The person or organisation that is acted for.", "授权人（被代理的自然人或组织）的主体编号。"))
    mandate_id = fields.String(allow_none=True, metadata=text(
        "The mandate under which the person acts.", "所依据的授权经办编号。"))
