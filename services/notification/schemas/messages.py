"""Requests, replies and events about messages."""
from __future__ import annotations

from marshmallow import fields, validate

from services.notification.domain.messages import MESSAGE
from services.notification.schemas.values import PERSONAL, SENSITIVE, channel, code, locale, text, values
from shared_components.contracts import Message, PageReply, PageRequest, app_served


class Send(Message):
    app = app_served()
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


class FindMessages(PageRequest):
    reference = text(128, load_default=None, allow_none=True)
    recipient_subject = text(64, load_default=None, allow_none=True)
    channel = channel(load_default=None, allow_none=True)


class MessageList(PageReply):
    items = fields.List(fields.Nested(Sent), required=True)


class Inbox(PageRequest):
    recipient_subject = text(64, required=True)


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


class InboxItems(PageReply):
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
