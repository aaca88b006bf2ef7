"""Requests and replies about consents to apps."""
from __future__ import annotations

from marshmallow import fields, validate

from services.identity.openid.usecases import manage_consents
from shared_components.contracts import Message, PageReply, PageRequest, text

APP_TEXT = text(
    "The app as it calls; in the sandbox its name ends with -sandbox.", "应用的调用方名称；沙箱中以 -sandbox 结尾。")
SCOPE_TEXT = text(
    "What the app may see and do, such as licence, or licence:driving-licence for one type.",
    "应用可查看和办理的范围，如 licence，或限定类型的 licence:driving-licence。")


class ListConsents(PageRequest):
    command = manage_consents.ListConsents


class Consent(Message):
    app = fields.String(metadata=APP_TEXT)
    scope = fields.String(metadata=SCOPE_TEXT)
    scope_title = fields.String(metadata=text(
        "What it means, in the language asked for.", "范围说明，按请求语言返回。"))
    given_at = fields.AwareDateTime(metadata=text("When the person consented, UTC.", "授权时间（UTC）。"))


class ConsentPage(PageReply):
    items = fields.List(fields.Nested(Consent), metadata=text(
        "The consents on this page, by app and scope.", "本页授权，按应用和范围排列。"))


class RevokeConsent(Message):
    command = manage_consents.RevokeConsent
    app = fields.String(required=True, validate=validate.Length(1, 64), metadata=APP_TEXT)
    scope = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 128), metadata=text(
        "Only this one; left out, all consents to the app.", "只撤回该范围；不填则撤回对该应用的全部授权。"))


class RevokedConsents(Message):
    app = fields.String(metadata=APP_TEXT)
    revoked = fields.Integer(metadata=text("How many consents were revoked.", "撤回的授权数。"))
