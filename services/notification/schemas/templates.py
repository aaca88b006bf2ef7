"""Requests and replies about templates."""
from __future__ import annotations

from marshmallow import fields

from services.notification.domain.channels import LOCALES
from services.notification.schemas.values import PERSONAL, channel, code, locale, text, values
from shared_components.contracts import Message, PageReply, PageRequest
from shared_components.contracts import text as text_of


class PutTemplate(Message):
    template_code = code(required=True)
    channel = channel(required=True)
    locale = locale(load_default=LOCALES[0])
    subject = text(200, load_default=None, allow_none=True)
    body = text(20_000, required=True)


class Template(Message):
    template_code = fields.String(required=True)
    app = fields.String(required=True, allow_none=True, metadata=text_of(
        "The app whose own template it is; null: the department's, for all of its apps.",
        "模板所属应用；为空表示部门公用模板，本部门各应用均可使用。"))
    channel = fields.String(required=True)
    locale = fields.String(required=True)
    version = fields.Integer(required=True)
    subject = fields.String(required=True, allow_none=True)
    body = fields.String(required=True)
    placeholders = fields.List(fields.String(), required=True)
    optional_placeholders = fields.List(fields.String(), required=True)
    created_at = fields.AwareDateTime(required=True)


class ListTemplates(PageRequest):
    pass


class TemplateList(PageReply):
    items = fields.List(fields.Nested(Template), required=True)


class Preview(Message):
    template_code = code(required=True)
    channel = channel(required=True)
    locale = locale(load_default=LOCALES[0])
    values = values()


class PreviewReply(Template):
    subject = fields.String(required=True, allow_none=True, metadata=PERSONAL)
    body = fields.String(required=True, metadata=PERSONAL)
    missing = fields.List(fields.String(), required=True)
    unused = fields.List(fields.String(), required=True)
