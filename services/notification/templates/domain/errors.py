"""Refusals about templates, and of what is rendered from them."""
from __future__ import annotations

from shared_components.kernel.errors import Conflict, Forbidden, InvalidInput, NotFound


class TemplateInvalid(InvalidInput):
    code = "notification.template-invalid"
    texts = {"en": "The template is not valid.", "zh": "模板内容不符合要求。"}


class TemplateUnknown(NotFound):
    code = "notification.template-unknown"
    texts = {"en": "There is no such template.", "zh": "模板不存在。"}


class ValuesMissing(InvalidInput):
    """details.missing: the placeholders without a value."""

    code = "notification.values-missing"
    texts = {"en": "Values for the template are missing.", "zh": "缺少模板所需的内容。"}


class MessageTooLarge(InvalidInput):
    """details: part (subject or body), size, limit; the body's in bytes of UTF-8, the subject's in characters."""

    code = "notification.message-too-large"
    texts = {"en": "The message is too long.", "zh": "消息内容过长。"}


class TemplateNotApproved(Conflict):
    """Production uses approved versions only. details: template_code, version."""

    code = "notification.template-not-approved"
    texts = {"en": "The template is not approved.", "zh": "模板尚未审核通过。"}


class TemplateNotFiled(Conflict):
    """Carriers take only texts that were filed with them. details: template_code, version, providers."""

    code = "notification.template-not-filed"
    texts = {"en": "The template is not filed with a provider.", "zh": "模板尚未在短信服务商报备。"}


class ApproverNotAllowed(Forbidden):
    """Another person than the writer approves a template: an approver of the department, or operations."""

    code = "notification.approver-not-allowed"
    texts = {"en": "The template cannot be approved by this person.", "zh": "该人员不能审核此模板。"}
