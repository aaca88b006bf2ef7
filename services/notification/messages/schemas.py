"""Requests, replies and events about messages."""
from __future__ import annotations

from marshmallow import fields, validate

from services.notification.common import texts
from services.notification.common.channels import EMAIL, INBOX
from services.notification.common.fields import (
    PERSONAL,
    SENSITIVE,
    ForChannel,
    channel,
    code,
    limited_text,
    locale,
    values,
)
from services.notification.messages.domain.message import MESSAGE
from services.notification.messages.usecases.known_message import MessageById
from services.notification.messages.usecases.list_messages import ListMessages
from services.notification.messages.usecases.send import SendMessage
from shared_components.contracts import (
    EventContract,
    Message,
    PageReply,
    PageRequest,
    SubjectId,
    app_served,
    optional_subject,
    text,
)
from shared_components.contracts.rules import NeededWhen


class Send(ForChannel):
    command = SendMessage
    rules = (NeededWhen("channel", EMAIL, "address"), NeededWhen("channel", INBOX, "recipient_subject"))
    app = app_served()
    template_code = code(required=True, metadata=texts.TEMPLATE_CODE)
    channel = channel(required=True, metadata=texts.CHANNEL)
    recipient_subject = optional_subject(texts.RECIPIENT_SUBJECT)
    address = limited_text(254, load_default=None, allow_none=True, metadata=text(
        "The recipient's e-mail address, up to 254 characters; an e-mail needs it.",
        "收件人电子邮箱，不超过 254 个字符；渠道为 email 时必填。", **SENSITIVE))
    values = values(metadata=texts.VALUES)
    reference = limited_text(128, load_default=None, allow_none=True, metadata=texts.REFERENCE)
    locale = locale(load_default=None, allow_none=True, metadata=text(
        "The language wished for, zh-CN or en; null for the template's first. Another is taken when there is no "
        "template in it.",
        "期望语言，zh-CN 或 en；null 用默认语言；没有该语言的模板时用另一种。"))


class Sent(Message):
    """Where a message stands. address is masked."""

    message_id = fields.String(required=True, metadata=texts.MESSAGE_ID)
    channel = fields.String(required=True, metadata=texts.CHANNEL)
    state = fields.String(required=True, validate=validate.OneOf(MESSAGE.states), metadata=texts.STATE)
    state_label = fields.String(required=True, metadata=text(
        "The state's name in the caller's language, to be shown.",
        "状态名称，供页面显示，语言与调用方一致。"))
    template_code = fields.String(required=True, metadata=texts.TEMPLATE_CODE)
    template_version = fields.Integer(required=True, metadata=text(
        "The version of the template that the message was made from.",
        "生成该消息所用的模板版本号。"))
    locale = fields.String(required=True, metadata=texts.LOCALE)
    reference = fields.String(required=True, allow_none=True, metadata=texts.REFERENCE)
    recipient_subject = SubjectId(required=True, allow_none=True, metadata=texts.RECIPIENT_SUBJECT)
    address = fields.String(required=True, allow_none=True, metadata=text(
        "The address that the message goes to, masked; null for an inbox message.",
        "收件地址（脱敏）；站内信为 null。", **PERSONAL))
    attempts = fields.Integer(required=True, metadata=text(
        "How often sending was tried.",
        "已尝试发送的次数。"))
    next_attempt_at = fields.AwareDateTime(required=True, allow_none=True, metadata=text(
        "When sending is tried again, UTC; null when it is not.",
        "下次尝试发送的时间（UTC）；不再尝试为 null。"))
    failure_code = fields.String(required=True, allow_none=True, metadata=texts.FAILURE_CODE)
    created_at = fields.AwareDateTime(required=True, metadata=texts.CREATED_AT)
    sent_at = fields.AwareDateTime(required=True, allow_none=True, metadata=text(
        "When the mail server took it, UTC; null before that.",
        "邮件服务器接收的时间（UTC）；未发出为 null。"))
    delivered_at = fields.AwareDateTime(required=True, allow_none=True, metadata=texts.DELIVERED_AT)
    read_at = fields.AwareDateTime(required=True, allow_none=True, metadata=texts.READ_AT)


class MessageId(Message):
    command = MessageById
    message_id = limited_text(48, required=True, metadata=texts.MESSAGE_ID)


class FindMessages(PageRequest):
    command = ListMessages
    reference = limited_text(128, load_default=None, allow_none=True, metadata=text(
        "Only messages with this reference; null for all.",
        "只查该关联编号的消息；null 为不限。"))
    recipient_subject = optional_subject(text(
        "Only messages to this subject; null for all.",
        "只查发给该主体的消息；null 为不限。"))
    channel = channel(load_default=None, allow_none=True, metadata=text(
        "Only messages of this channel, email or inbox; null for all.",
        "只查该渠道的消息：email 或 inbox；null 为不限。"))


class MessageList(PageReply):
    items = fields.List(fields.Nested(Sent), required=True, metadata=text(
        "The messages on this page, newest first, without their words.",
        "本页消息，最新的在前；不含正文。"))


class MessageEvent(Message):
    """A change of a message, without the words and the address."""

    message_id = fields.String(required=True, metadata=texts.MESSAGE_ID)
    channel = fields.String(required=True, metadata=texts.CHANNEL)
    state = fields.String(required=True, metadata=texts.STATE)
    template_code = fields.String(required=True, metadata=texts.TEMPLATE_CODE)
    reference = fields.String(required=True, allow_none=True, metadata=texts.REFERENCE)
    recipient_subject = SubjectId(required=True, allow_none=True, metadata=texts.RECIPIENT_SUBJECT)
    failure_code = fields.String(required=True, allow_none=True, metadata=texts.FAILURE_CODE)


EVENTS = (
    EventContract("message-accepted", MessageEvent, summary="A message was accepted.", summary_zh="消息已受理。"),
    EventContract("message-sent", MessageEvent, summary="A mail server has taken the e-mail.",
        summary_zh="邮件已发出。"),
    EventContract("message-delivered", MessageEvent, summary="The message is in the recipient's inbox.",
        summary_zh="站内信已送达。"),
    EventContract("message-failed", MessageEvent, summary="Sending has failed and is not tried again.",
        summary_zh="消息发送失败，不再尝试。"),
    EventContract("message-cancelled", MessageEvent, summary="The message was cancelled before it was sent.",
        summary_zh="消息在发出前被取消。"),
)
