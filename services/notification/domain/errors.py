"""The errors of the notification service."""
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


class LineBreakInHeader(InvalidInput):
    """A line break in a subject or an address would let a value write headers of its own."""

    code = "notification.line-break-in-header"
    texts = {"en": "A subject or address has a line break.", "zh": "主题或地址中不得包含换行。"}


class ControlCharacter(InvalidInput):
    """details.character: the first one, such as U+0000."""

    code = "notification.control-character"
    texts = {"en": "The text has a control character.", "zh": "内容中含有不允许的控制字符。"}


class MessageTooLarge(InvalidInput):
    """details: part (subject or body), size, limit; the body's in bytes of UTF-8, the subject's in characters."""

    code = "notification.message-too-large"
    texts = {"en": "The message is too long.", "zh": "消息内容过长。"}


class AddressInvalid(InvalidInput):
    code = "notification.address-invalid"
    texts = {"en": "The address is not valid.", "zh": "地址格式不正确。"}


class RecipientMissing(InvalidInput):
    code = "notification.recipient-missing"
    texts = {"en": "The channel needs another kind of recipient.", "zh": "缺少该渠道所需的接收人。"}


class ChannelNotBuilt(InvalidInput):
    """The channel is planned but not there yet."""

    code = "notification.channel-not-built"
    texts = {"en": "The channel is not built yet.", "zh": "该渠道尚未开通。"}


class MessageUnknown(NotFound):
    code = "notification.message-unknown"
    texts = {"en": "There is no such message.", "zh": "消息不存在。"}


class InboxOfAnother(Forbidden):
    code = "notification.inbox-of-another"
    texts = {"en": "The inbox belongs to somebody else.", "zh": "无权访问他人的收件箱。"}


class MessageNotCancellable(Conflict):
    code = "notification.message-not-cancellable"
    texts = {"en": "The message can no longer be cancelled.", "zh": "消息已无法撤回。"}
