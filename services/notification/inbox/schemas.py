"""Requests and replies about inboxes."""
from __future__ import annotations

from marshmallow import fields

from services.notification.common import texts
from services.notification.common.fields import PERSONAL
from services.notification.inbox.usecases.read_inbox import ReadInbox
from shared_components.contracts import Message, PageReply, PageRequest, optional_subject, text


class Inbox(PageRequest):
    command = ReadInbox
    recipient_subject = optional_subject(text(
        "Whose inbox: a subject's id, such as sub_…; needed where no citizen acts, else it is the acting citizen's.",
        "要查看的收件人主体编号（sub_ 开头）；没有个人（法人）会话时必填，有会话时即为当前主体。"))


class InboxItem(Message):
    message_id = fields.String(required=True, metadata=texts.MESSAGE_ID)
    subject = fields.String(required=True, allow_none=True, metadata=text(
        "The message's subject line; null when it has none.",
        "消息标题；没有标题为 null。", **PERSONAL))
    body = fields.String(required=True, metadata=text(
        "The message's text.",
        "消息正文。", **PERSONAL))
    reference = fields.String(required=True, allow_none=True, metadata=texts.REFERENCE)
    delivered_at = fields.AwareDateTime(required=True, allow_none=True, metadata=texts.DELIVERED_AT)
    read_at = fields.AwareDateTime(required=True, allow_none=True, metadata=texts.READ_AT)


class ReadMark(Message):
    """Without the words: the reply of a mutating method is kept with its operation, and that is not sealed."""

    message_id = fields.String(required=True, metadata=texts.MESSAGE_ID)
    read_at = fields.AwareDateTime(required=True, metadata=texts.READ_AT)


class InboxItems(PageReply):
    items = fields.List(fields.Nested(InboxItem), required=True, metadata=text(
        "The inbox messages on this page, newest first.",
        "本页站内信，最新的在前。"))
    unread = fields.Integer(required=True, metadata=text(
        "How many messages of the whole inbox are unread.",
        "整个收件箱的未读条数。"))
