"""Requests and replies of the Notify API, between the gateway and this service, and of keys."""
from __future__ import annotations

from marshmallow import fields, validate

from services.notification.common import texts
from services.notification.common.fields import PERSONAL, SENSITIVE, code, limited_text, values
from services.notification.messages.domain.message import MESSAGE
from services.notification.notify_api.domain.keys import KINDS, MOST_GUESTS
from services.notification.notify_api.usecases import identify, keys, messages, templates
from shared_components.contracts import Message, PageReply, PageRequest, app_served, text
from shared_components.contracts.base import SECRET

KEY_ID = text("The key's id, such as nky_…; it is no secret.", "密钥编号（nky_ 开头），不是密钥本身。")
KIND = text(
    "live sends to anybody; team to the recipients in guests; test sends nothing and says that it was delivered.",
    "密钥类别：live 正式，可发给任何人；team 团队，只发给 guests 名单；test 测试，不实际发送，直接视为已送达。")
KEY_NAME = text(
    "A name for people: small letters, digits and . _ -, up to 64.", "密钥名称，小写字母、数字及 . _ -，最长 64 位。")
TEMPLATE_ID = text(
    "The id of the template's first version, such as tpl_…; it names all versions.",
    "模板第一个版本的编号（tpl_ 开头），代表全部版本。")
TEMPLATE_VERSION = text("The version of the template, 1 and up.", "模板版本号，从 1 起。")
APP = text("The app that the key is of.", "密钥所属应用。")
NOTIFY_CHANNEL = text("email or sms.", "渠道：email 电子邮件，sms 短信。")
SHOWN_SUBJECT = text(
    "The subject line with the values put in; null when there is none.", "填入内容后的标题；没有标题为 null。",
    **PERSONAL)
SHOWN_BODY = text("The text with the values put in.", "填入内容后的正文。", **PERSONAL)


class NotifyKey(Message):
    key_id = fields.String(required=True, metadata=KEY_ID)
    app = fields.String(required=True, metadata=APP)
    service_id = fields.String(required=True, metadata=text(
        "The app's id in the Notify API, a UUID; the issuer of its tokens.",
        "应用在 Notify 接口中的服务编号（UUID），即令牌的签发方。"))
    name = fields.String(required=True, metadata=KEY_NAME)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS), metadata=KIND)
    created_at = fields.AwareDateTime(required=True, metadata=texts.CREATED_AT)
    revoked_at = fields.AwareDateTime(required=True, allow_none=True, metadata=text(
        "When it was revoked, UTC; null while it is good.", "撤销时间（UTC）；有效为 null。"))


class CreateNotifyKey(Message):
    command = keys.CreateNotifyKey
    name = code(required=True, metadata=KEY_NAME)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS), metadata=KIND)
    guests = fields.List(
        limited_text(254), load_default=list, validate=validate.Length(max=MOST_GUESTS), metadata=text(
            "Addresses and phone numbers that a team key sends to, at most 50.",
            "团队密钥可发送的邮箱和手机号，最多 50 个。", **SENSITIVE))
    app = app_served()


class NewNotifyKey(NotifyKey):
    key = fields.String(required=True, metadata=text(
        "The key for a Notify client library, shown only once: name-<service id>-<secret>.",
        "供 Notify 客户端库使用的密钥，只显示一次：名称-<服务编号>-<密钥>。", data_class=SECRET))


class RevokeNotifyKey(Message):
    command = keys.RevokeNotifyKey
    key_id = limited_text(48, required=True, metadata=KEY_ID)


class ListNotifyKeys(PageRequest):
    command = keys.ListNotifyKeys


class NotifyKeys(PageReply):
    items = fields.List(fields.Nested(NotifyKey), required=True, metadata=text(
        "The keys on this page, by id; secrets are not shown.", "本页密钥，按编号排序；不显示密钥内容。"))


class IdentifyNotifyCaller(Message):
    command = identify.IdentifyNotifyCaller
    authorization = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=8300),
        metadata=text("The header Authorization.", "请求头 Authorization。", data_class=SECRET))


class NotifyCaller(Message):
    app = fields.String(required=True, metadata=APP)
    tenant = fields.String(required=True, metadata=text("The app's tenant.", "应用所属租户。"))
    key_id = fields.String(required=True, metadata=KEY_ID)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS), metadata=KIND)


class SendByNotify(Message):
    command = messages.SendByNotify
    key_id = limited_text(48, required=True, metadata=KEY_ID)
    template_id = limited_text(48, required=True, metadata=TEMPLATE_ID)
    channel = fields.String(
        required=True, validate=validate.OneOf(templates.CHANNELS), metadata=NOTIFY_CHANNEL)
    address = limited_text(254, required=True, metadata=text(
        "The recipient's e-mail address or phone number.", "收件人的电子邮箱或手机号。", **SENSITIVE))
    values = values(metadata=texts.VALUES)
    reference = limited_text(128, load_default=None, allow_none=True, metadata=texts.REFERENCE)


class NotifyMessage(Message):
    """A message as its app reads it back: with the address and the words."""

    message_id = fields.String(required=True, metadata=texts.MESSAGE_ID)
    channel = fields.String(required=True, metadata=NOTIFY_CHANNEL)
    state = fields.String(required=True, validate=validate.OneOf(MESSAGE.states), metadata=texts.STATE)
    template_id = fields.String(required=True, allow_none=True, metadata=TEMPLATE_ID)
    template_version = fields.Integer(required=True, metadata=TEMPLATE_VERSION)
    address = fields.String(required=True, allow_none=True, metadata=text(
        "The address that the message goes to.", "收件地址。", **SENSITIVE))
    subject = fields.String(required=True, allow_none=True, metadata=SHOWN_SUBJECT)
    body = fields.String(required=True, metadata=SHOWN_BODY)
    reference = fields.String(required=True, allow_none=True, metadata=texts.REFERENCE)
    created_at = fields.AwareDateTime(required=True, metadata=texts.CREATED_AT)
    sent_at = fields.AwareDateTime(required=True, allow_none=True, metadata=text(
        "When a provider took it, UTC; null before that.", "服务商接收的时间（UTC）；未发出为 null。"))
    completed_at = fields.AwareDateTime(required=True, allow_none=True, metadata=text(
        "When nothing more was to be done, UTC; null before that.", "处理完毕的时间（UTC）；未完毕为 null。"))


class GetByNotify(Message):
    command = messages.GetByNotify
    message_id = limited_text(48, required=True, metadata=texts.MESSAGE_ID)


class ListByNotify(Message):
    command = messages.ListByNotify
    states = fields.List(
        limited_text(24), load_default=list, validate=validate.Length(max=20), metadata=text(
            "Only messages in these states; empty for all.", "只查这些状态的消息；空为不限。"))
    channel = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(templates.CHANNELS),
        metadata=text("Only messages of this channel, email or sms; null for both.",
                      "只查该渠道的消息：email 或 sms；null 为不限。"))
    reference = limited_text(128, load_default=None, allow_none=True, metadata=text(
        "Only messages with this reference; null for all.", "只查该关联编号的消息；null 为不限。"))
    older_than = limited_text(48, load_default=None, allow_none=True, metadata=text(
        "Only messages that were made before the one with this id; null for the newest.",
        "只查早于该消息编号的消息；null 从最新的开始。"))
    limit = fields.Integer(load_default=250, strict=True, validate=validate.Range(1, 250), metadata=text(
        "At most so many, 1 to 250.", "最多返回条数，1 至 250。"))


class NotifyMessages(Message):
    items = fields.List(fields.Nested(NotifyMessage), required=True, metadata=text(
        "The messages, newest first.", "消息列表，最新的在前。"))


class GetNotifyTemplate(Message):
    command = templates.GetNotifyTemplate
    template_id = limited_text(48, required=True, metadata=TEMPLATE_ID)
    version = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(1, 2**31 - 1), metadata=text(
            "The version wanted; null for the newest.", "要查询的版本号；null 为最新版本。"))


class NotifyTemplate(Message):
    template_id = fields.String(required=True, metadata=TEMPLATE_ID)
    name = fields.String(required=True, metadata=texts.TEMPLATE_CODE)
    channel = fields.String(required=True, metadata=NOTIFY_CHANNEL)
    version = fields.Integer(required=True, metadata=TEMPLATE_VERSION)
    subject = fields.String(required=True, allow_none=True, metadata=texts.SUBJECT)
    body = fields.String(required=True, metadata=texts.BODY)
    placeholders = fields.Dict(keys=fields.String(), values=fields.Boolean(), required=True, metadata=text(
        "The names of placeholders, each with whether it must get a value.",
        "各占位符名称，及其是否必须提供内容。"))
    created_at = fields.AwareDateTime(required=True, metadata=texts.CREATED_AT)


class ListNotifyTemplates(Message):
    command = templates.ListNotifyTemplates
    channel = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(templates.CHANNELS),
        metadata=text("Only templates of this channel, email or sms; null for both.",
                      "只查该渠道的模板：email 或 sms；null 为不限。"))


class NotifyTemplates(Message):
    items = fields.List(fields.Nested(NotifyTemplate), required=True, metadata=text(
        "The newest versions of templates, at most 500.", "各模板的最新版本，最多 500 个。"))


class PreviewNotifyTemplate(Message):
    command = templates.PreviewNotifyTemplate
    template_id = limited_text(48, required=True, metadata=TEMPLATE_ID)
    values = values(metadata=texts.VALUES)


class NotifyPreview(Message):
    template_id = fields.String(required=True, metadata=TEMPLATE_ID)
    channel = fields.String(required=True, metadata=NOTIFY_CHANNEL)
    version = fields.Integer(required=True, metadata=TEMPLATE_VERSION)
    subject = fields.String(required=True, allow_none=True, metadata=SHOWN_SUBJECT)
    body = fields.String(required=True, metadata=SHOWN_BODY)
