"""Requests and replies about templates."""
from __future__ import annotations

from marshmallow import fields

from services.notification.common import texts
from services.notification.common.channels import EMAIL, LOCALES
from services.notification.common.fields import PERSONAL, ForChannel, channel, code, limited_text, locale, values
from services.notification.templates.usecases import list_templates, preview, put_template
from shared_components.contracts import Message, PageReply, PageRequest, text
from shared_components.contracts.rules import NeededWhen


class PutTemplate(ForChannel):
    command = put_template.PutTemplate
    rules = (NeededWhen("channel", EMAIL, "subject"),)
    template_code = code(required=True, metadata=texts.TEMPLATE_CODE)
    channel = channel(required=True, metadata=texts.CHANNEL)
    locale = locale(load_default=LOCALES[0], metadata=texts.LOCALE)
    subject = limited_text(200, load_default=None, allow_none=True, metadata=texts.SUBJECT)
    body = limited_text(20_000, required=True, metadata=texts.BODY)


class Template(Message):
    template_code = fields.String(required=True, metadata=texts.TEMPLATE_CODE)
    app = fields.String(required=True, allow_none=True, metadata=text(
        "The app whose own template it is; null: the department's, for all of its apps.",
        "模板所属应用；为空表示部门公用模板，本部门各应用均可使用。"))
    channel = fields.String(required=True, metadata=texts.CHANNEL)
    locale = fields.String(required=True, metadata=texts.LOCALE)
    version = fields.Integer(required=True, metadata=text(
        "The version of the template, 1 and up.",
        "模板版本号，从 1 起。"))
    subject = fields.String(required=True, allow_none=True, metadata=texts.SUBJECT)
    body = fields.String(required=True, metadata=texts.BODY)
    placeholders = fields.List(fields.String(), required=True, metadata=text(
        "The names that must get a value.",
        "必须提供内容的占位符名称。"))
    optional_placeholders = fields.List(fields.String(), required=True, metadata=text(
        "The names that may be left without a value.",
        "可以不提供内容的占位符名称。"))
    created_at = fields.AwareDateTime(required=True, metadata=texts.CREATED_AT)


class ListTemplates(PageRequest):
    command = list_templates.ListTemplates


class TemplateList(PageReply):
    items = fields.List(fields.Nested(Template), required=True, metadata=text(
        "The newest versions of templates, by code, channel and language.",
        "本页模板的最新版本，按代码、渠道、语言排序。"))


class Preview(ForChannel):
    command = preview.Preview
    template_code = code(required=True, metadata=texts.TEMPLATE_CODE)
    channel = channel(required=True, metadata=texts.CHANNEL)
    locale = locale(load_default=LOCALES[0], metadata=texts.LOCALE)
    values = values(metadata=texts.VALUES)


class PreviewReply(Template):
    subject = fields.String(required=True, allow_none=True, metadata=text(
        "The subject line with the values put in; null when there is none.",
        "填入内容后的标题；没有标题为 null。", **PERSONAL))
    body = fields.String(required=True, metadata=text(
        "The text with the values put in.",
        "填入内容后的正文。", **PERSONAL))
    missing = fields.List(fields.String(), required=True, metadata=text(
        "Names that need a value and have none.",
        "缺少内容的占位符名称。"))
    unused = fields.List(fields.String(), required=True, metadata=text(
        "Names of given values that the template has no place for.",
        "已提供但模板用不到的名称。"))
