"""The contract with the world, and the service's settings."""
from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from services.notification.domain.channels import BUILT, LOCALES, PLANNED
from services.notification.domain.messages import MESSAGE
from shared_components.contracts import Message

PERSONAL = {"data_class": "personal"}
SENSITIVE = {"data_class": "sensitive"}


def code(**kwargs: Any) -> fields.String:
    return fields.String(validate=validate.Regexp(r"^[a-z0-9][a-z0-9._-]{0,63}$"), **kwargs)


def text(longest: int, **kwargs: Any) -> fields.String:
    return fields.String(validate=validate.Length(min=1, max=longest), **kwargs)


def channel(**kwargs: Any) -> fields.String:
    """A planned channel passes here and gets its own typed error."""
    return fields.String(validate=validate.OneOf((*BUILT, *PLANNED)), **kwargs)


def locale(**kwargs: Any) -> fields.String:
    return fields.String(validate=validate.OneOf(LOCALES), **kwargs)


class Value(fields.String):
    """A value for a placeholder: text or a whole number; a float has no one way to be written."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return super()._deserialize(value, attr, data, **kwargs)


def values() -> fields.Dict:
    return fields.Dict(
        keys=fields.String(validate=validate.Length(max=40)), values=Value(validate=validate.Length(max=10_000)),
        load_default=dict, validate=validate.Length(max=100), metadata=PERSONAL,
    )  # fmt: skip


class PutTemplate(Message):
    template_code = code(required=True)
    channel = channel(required=True)
    locale = locale(load_default=LOCALES[0])
    subject = text(200, load_default=None, allow_none=True)
    body = text(20_000, required=True)


class Template(Message):
    template_code = fields.String(required=True)
    channel = fields.String(required=True)
    locale = fields.String(required=True)
    version = fields.Integer(required=True)
    subject = fields.String(required=True, allow_none=True)
    body = fields.String(required=True)
    placeholders = fields.List(fields.String(), required=True)
    optional_placeholders = fields.List(fields.String(), required=True)
    created_at = fields.AwareDateTime(required=True)


class ListTemplates(Message):
    pass


class TemplateList(Message):
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


class Send(Message):
    template_code = code(required=True)
    channel = channel(required=True)
    recipient_subject = text(64, load_default=None, allow_none=True)
    address = text(254, load_default=None, allow_none=True, metadata=SENSITIVE)
    values = values()
    reference = text(128, load_default=None, allow_none=True)
    locale = locale(load_default=None, allow_none=True)


class Sent(Message):
    """Where a message stands. address is masked."""

    message_id = fields.String(required=True)
    channel = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(MESSAGE.states))
    state_label = fields.String(required=True)
    template_code = fields.String(required=True)
    template_version = fields.Integer(required=True)
    locale = fields.String(required=True)
    reference = fields.String(required=True, allow_none=True)
    recipient_subject = fields.String(required=True, allow_none=True)
    address = fields.String(required=True, allow_none=True, metadata=PERSONAL)
    attempts = fields.Integer(required=True)
    next_attempt_at = fields.AwareDateTime(required=True, allow_none=True)
    failure_code = fields.String(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    sent_at = fields.AwareDateTime(required=True, allow_none=True)
    delivered_at = fields.AwareDateTime(required=True, allow_none=True)
    read_at = fields.AwareDateTime(required=True, allow_none=True)


class MessageId(Message):
    message_id = text(48, required=True)


class FindMessages(Message):
    reference = text(128, load_default=None, allow_none=True)
    recipient_subject = text(64, load_default=None, allow_none=True)
    channel = channel(load_default=None, allow_none=True)
    limit = fields.Integer(strict=True, load_default=50, validate=validate.Range(1, 200))


class MessageList(Message):
    items = fields.List(fields.Nested(Sent), required=True)


class Inbox(Message):
    recipient_subject = text(64, required=True)
    limit = fields.Integer(strict=True, load_default=50, validate=validate.Range(1, 200))


class InboxItem(Message):
    message_id = fields.String(required=True)
    subject = fields.String(required=True, allow_none=True, metadata=PERSONAL)
    body = fields.String(required=True, metadata=PERSONAL)
    reference = fields.String(required=True, allow_none=True)
    delivered_at = fields.AwareDateTime(required=True, allow_none=True)
    read_at = fields.AwareDateTime(required=True, allow_none=True)


class ReadMark(Message):
    """Without the words: the reply of a mutating method is kept with its operation, and that is not sealed."""

    message_id = fields.String(required=True)
    read_at = fields.AwareDateTime(required=True)


class InboxItems(Message):
    items = fields.List(fields.Nested(InboxItem), required=True)
    unread = fields.Integer(required=True)


class MessageEvent(Message):
    """What others learn: never the words or the address."""

    message_id = fields.String(required=True)
    channel = fields.String(required=True)
    state = fields.String(required=True)
    template_code = fields.String(required=True)
    reference = fields.String(required=True, allow_none=True)
    recipient_subject = fields.String(required=True, allow_none=True)
    failure_code = fields.String(required=True, allow_none=True)


class NotificationSettings(Schema):
    """Configuration section services.notification. smtp_security: none is for a server on this machine."""

    smtp_host = text(253, load_default="127.0.0.1")
    smtp_port = fields.Integer(load_default=2525, validate=validate.Range(1, 65_535))
    smtp_security = fields.String(load_default="none", validate=validate.OneOf(("none", "starttls", "tls")))
    smtp_user = fields.String(load_default="")
    smtp_password = fields.String(load_default="")
    smtp_timeout_s = fields.Float(load_default=10.0, validate=validate.Range(0.1, 120))
    sender = fields.Email(load_default="no-reply@zhongtai.example")
    max_attempts = fields.Integer(load_default=8, validate=validate.Range(1, 50))
    first_retry_s = fields.Float(load_default=10.0, validate=validate.Range(0.1, 3600))
    sweep_batch = fields.Integer(load_default=100, validate=validate.Range(1, 1000))


__all__ = [
    "FindMessages", "Inbox", "InboxItem", "InboxItems", "ListTemplates", "MessageEvent", "MessageId", "MessageList",
    "NotificationSettings", "Preview", "PreviewReply", "PutTemplate", "ReadMark", "Send", "Sent", "Template", "TemplateList",
]
