"""Requests and replies about templates."""
from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from services.notification.common import texts
from services.notification.common.channels import EMAIL, LOCALES
from services.notification.common.fields import PERSONAL, ForChannel, channel, code, limited_text, locale, values
from services.notification.templates.domain.filing import STATES
from services.notification.templates.domain.template import NOTICE, PURPOSES
from services.notification.templates.usecases import (
    approve_template,
    file_template,
    get_template,
    list_templates,
    preview,
    put_template,
)
from shared_components.contracts import Message, PageReply, PageRequest, text
from shared_components.contracts.rules import NeededWhen
from shared_components.contracts.strict_fields import Integer
from shared_components.kernel.apps import APP_NAME


class PutTemplate(ForChannel):
    command = put_template.PutTemplate
    rules = (NeededWhen("channel", EMAIL, "subject"),)
    template_code = code(required=True, metadata=texts.TEMPLATE_CODE)
    channel = channel(required=True, metadata=texts.CHANNEL)
    locale = locale(load_default=LOCALES[0], metadata=texts.LOCALE)
    subject = limited_text(200, load_default=None, allow_none=True, metadata=texts.SUBJECT)
    body = limited_text(20_000, required=True, metadata=texts.BODY)
    purpose = fields.String(load_default=NOTICE, validate=validate.OneOf(PURPOSES), metadata=texts.PURPOSE)


class Template(Message):
    template_code = fields.String(required=True, metadata=texts.TEMPLATE_CODE)
    app = fields.String(required=True, allow_none=True, metadata=text(
        "The app whose own template it is; null: the department's, for all of its apps.",
        "模板所属应用；为空表示部门公用模板，本部门各应用均可使用。"))
    channel = fields.String(required=True, metadata=texts.CHANNEL)
    locale = fields.String(required=True, metadata=texts.LOCALE)
    version = fields.Integer(required=True, metadata=texts.VERSION)
    subject = fields.String(required=True, allow_none=True, metadata=texts.SUBJECT)
    body = fields.String(required=True, metadata=texts.BODY)
    placeholders = fields.List(fields.String(), required=True, metadata=text(
        "The names that must get a value.",
        "必须提供内容的占位符名称。"))
    optional_placeholders = fields.List(fields.String(), required=True, metadata=text(
        "The names that may be left without a value.",
        "可以不提供内容的占位符名称。"))
    created_at = fields.AwareDateTime(required=True, metadata=texts.CREATED_AT)
    purpose = fields.String(required=True, metadata=texts.PURPOSE)
    approved_at = fields.AwareDateTime(required=True, allow_none=True, metadata=texts.APPROVED_AT)


class Filing(Message):
    """A filing with one provider."""

    provider = fields.String(required=True, metadata=texts.PROVIDER)
    state = fields.String(required=True, validate=validate.OneOf(STATES), metadata=texts.FILING_STATE)
    provider_template_id = fields.String(required=True, metadata=texts.PROVIDER_TEMPLATE_ID)
    signature = fields.String(required=True, metadata=texts.SIGNATURE)
    changed_at = fields.AwareDateTime(required=True, metadata=text(
        "When the filing was last recorded, UTC.", "报备记录最近变更时间（UTC）。"))


class TemplateDetail(Template):
    filings = fields.List(fields.Nested(Filing), required=True, metadata=text(
        "How the version is filed with providers of text messages; empty for other channels.",
        "该版本在各短信服务商的报备情况；其他渠道为空。"))


def _whole_version(**options: Any) -> fields.Integer:
    return Integer(validate=validate.Range(1, 2**31 - 1), **options)


def _owner() -> fields.String:
    return fields.String(
        load_default=None, allow_none=True, validate=validate.Regexp(rf"^{APP_NAME}\Z"), metadata=texts.TEMPLATE_APP)


class GetTemplate(ForChannel):
    command = get_template.GetTemplate
    template_code = code(required=True, metadata=texts.TEMPLATE_CODE)
    channel = channel(required=True, metadata=texts.CHANNEL)
    locale = locale(load_default=LOCALES[0], metadata=texts.LOCALE)
    version = _whole_version(load_default=None, allow_none=True, metadata=text(
        "The version wanted, 1 and up; null for the newest.", "要查询的版本号，从 1 起；null 为最新版本。"))
    app = _owner()


class ApproveTemplate(ForChannel):
    command = approve_template.ApproveTemplate
    template_code = code(required=True, metadata=texts.TEMPLATE_CODE)
    channel = channel(required=True, metadata=texts.CHANNEL)
    locale = locale(load_default=LOCALES[0], metadata=texts.LOCALE)
    version = _whole_version(required=True, metadata=text(
        "The version that was looked at, 1 and up.", "经审核的版本号，从 1 起。"))
    app = _owner()


class FileTemplate(Message):
    command = file_template.FileTemplate
    template_code = code(required=True, metadata=texts.TEMPLATE_CODE)
    locale = locale(load_default=LOCALES[0], metadata=texts.LOCALE)
    version = _whole_version(load_default=None, allow_none=True, metadata=text(
        "The version that was filed, 1 and up; null for the newest.", "已报备的版本号，从 1 起；null 为最新版本。"))
    app = _owner()
    provider = fields.String(
        required=True, validate=validate.Regexp(r"^[a-z][a-z0-9-]{0,31}\Z"), metadata=texts.PROVIDER)
    provider_template_id = fields.String(
        required=True, validate=validate.Regexp(r"^[A-Za-z0-9_-]{1,64}\Z"), metadata=texts.PROVIDER_TEMPLATE_ID)
    signature = fields.String(
        load_default=None, allow_none=True, validate=validate.Regexp(r"^[^【】\s]{1,20}\Z"), metadata=texts.SIGNATURE)
    parameters = fields.List(
        fields.String(validate=validate.Length(1, 40)), load_default=None, allow_none=True,
        validate=validate.Length(max=100), metadata=text(
            "The names of the template's values in the order that the provider counts them; null for that of the body.",
            "服务商模板中各参数依次对应的占位符名称；null 为正文中的顺序。"))
    state = fields.String(required=True, validate=validate.OneOf(STATES), metadata=texts.FILING_STATE)


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
    destination = fields.String(
        load_default=preview.MAINLAND, validate=validate.OneOf((preview.MAINLAND, preview.ABROAD)), metadata=text(
            "Where a text message would go, which decides its parts: mainland or abroad.",
            "短信发往何处，决定拆分条数：mainland 大陆，abroad 境外。"))


class Size(Message):
    characters = fields.Integer(required=True, metadata=text(
        "Characters as carriers count them, with the signature.", "计费字数，含签名。"))
    parts = fields.Integer(required=True, metadata=text(
        "Parts that it is sent and paid as.", "拆分并计费的条数。"))


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
    size = fields.Nested(Size, required=True, allow_none=True, metadata=text(
        "The size of a text message; null for other channels.", "短信长度；其他渠道为 null。"))
