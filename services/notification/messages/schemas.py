"""Requests, replies and events about messages."""
from __future__ import annotations

from marshmallow import fields, validate

from services.notification.common import texts
from services.notification.common.channels import EMAIL, INBOX, SMS
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
from services.notification.messages.usecases.record_receipts import RecordReceipt as RecordReceiptCommand
from services.notification.messages.usecases.send import SendMessage
from services.notification.templates.domain.template import CLASSES
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
    rules = (
        NeededWhen("channel", EMAIL, "address"), NeededWhen("channel", SMS, "address"),
        NeededWhen("channel", INBOX, "recipient_subject"))
    app = app_served()
    template_code = code(required=True, metadata=texts.TEMPLATE_CODE)
    channel = channel(required=True, metadata=texts.CHANNEL)
    recipient_subject = optional_subject(texts.RECIPIENT_SUBJECT)
    address = limited_text(254, load_default=None, allow_none=True, metadata=text(
        "The recipient's e-mail address, up to 254 characters, or phone number: a mainland mobile number of 11 digits, "
        "or + with country code and number. E-mails and text messages need it.",
        "收件人电子邮箱（不超过 254 个字符），或手机号码（11 位大陆手机号，或以“+国家（地区）代码”开头）；"
        "渠道为 email 或 sms 时必填。", **SENSITIVE))
    values = values(metadata=texts.VALUES)
    reference = limited_text(128, load_default=None, allow_none=True, metadata=texts.REFERENCE)
    locale = locale(load_default=None, allow_none=True, metadata=text(
        "The language wished for, zh-CN or en; null for the template's first. Another is taken when there is no "
        "template in it.",
        "期望语言，zh-CN 或 en；null 用默认语言；没有该语言的模板时用另一种。"))
    message_class = fields.String(
        load_default=None, allow_none=True, validate=validate.OneOf(CLASSES), metadata=texts.MESSAGE_CLASS)


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
        "When the mail server or the provider took it, UTC; null before that.",
        "邮件服务器或短信服务商接收的时间（UTC）；未发出为 null。"))
    delivered_at = fields.AwareDateTime(required=True, allow_none=True, metadata=texts.DELIVERED_AT)
    read_at = fields.AwareDateTime(required=True, allow_none=True, metadata=texts.READ_AT)
    message_class = fields.String(required=True, validate=validate.OneOf(CLASSES), metadata=texts.MESSAGE_CLASS)
    parts = fields.Integer(required=True, allow_none=True, metadata=text(
        "The parts that a text message is sent and paid as; null for other channels.",
        "短信拆分并计费的条数；其他渠道为 null。"))


class RecordReceipt(Message):
    command = RecordReceiptCommand
    provider = fields.String(required=True, validate=validate.Length(1, 32), metadata=texts.PROVIDER)
    headers = fields.Dict(
        keys=fields.String(validate=validate.Length(max=64)), values=fields.String(validate=validate.Length(max=1024)),
        load_default=dict, validate=validate.Length(max=16), metadata=text(
            "The request's headers that a signature can be in, at most 16.", "请求中可能含签名的请求头，最多 16 项。"))
    body = fields.String(required=True, validate=validate.Length(max=65_536), metadata=text(
        "The request's body as it came, up to 65,536 characters.", "请求体原文，不超过 65536 个字符。", **SENSITIVE))
    token = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 256), metadata=text(
        "The token of the callback's address, for providers that sign nothing; null without one.",
        "回调地址中的口令，用于不签名的服务商；没有为 null。", **SENSITIVE))


class RecordedReceipt(Message):
    provider = fields.String(required=True, metadata=texts.PROVIDER)
    receipts = fields.Integer(required=True, metadata=text(
        "How many receipts the callback has.", "回调中的回执条数。"))
    changed = fields.Integer(required=True, metadata=text(
        "How many of them changed a message.", "其中使消息状态发生变化的条数。"))


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
        "Only messages of this channel, email, sms or inbox; null for all.",
        "只查该渠道的消息：email、sms 或 inbox；null 为不限。"))


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
    EventContract("urgent-message-accepted", MessageEvent, summary="An urgent message was accepted.",
        summary_zh="优先消息已受理。"),
    EventContract("bulk-message-accepted", MessageEvent, summary="A message of a bulk sending was accepted.",
        summary_zh="批量消息已受理。"),
    EventContract("message-scheduled", MessageEvent, summary="A message waits for its time.",
        summary_zh="消息已定时，到时发送。"),
    EventContract("message-sent", MessageEvent, summary="A mail server or provider has taken the message.",
        summary_zh="消息已发出。"),
    EventContract("message-delivered", MessageEvent, summary="The message has reached the recipient.",
        summary_zh="消息已送达。"),
    EventContract("message-expired", MessageEvent, summary="The message was not sent in its time.",
        summary_zh="消息已过期，不再发送。"),
    EventContract("message-failed", MessageEvent, summary="Sending has failed and is not tried again.",
        summary_zh="消息发送失败，不再尝试。"),
    EventContract("message-cancelled", MessageEvent, summary="The message was cancelled before it was sent.",
        summary_zh="消息在发出前被取消。"),
)
