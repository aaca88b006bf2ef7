"""Refusals of texts, addresses and channels."""
from __future__ import annotations

from shared_components.kernel.errors import InvalidInput


class LineBreakInHeader(InvalidInput):
    """A line break in a subject or an address would let a value write headers of its own."""

    code = "notification.line-break-in-header"
    texts = {"en": "A subject or address has a line break.", "zh": "主题或地址中不得包含换行。"}


class ControlCharacter(InvalidInput):
    """details.character: the first one, such as U+0000."""

    code = "notification.control-character"
    texts = {"en": "The text has a control character.", "zh": "内容中含有不允许的控制字符。"}


class AddressInvalid(InvalidInput):
    code = "notification.address-invalid"
    texts = {"en": "The address is not valid.", "zh": "地址格式不正确。"}


class ChannelNotBuilt(InvalidInput):
    """The channel is planned but not there yet."""

    code = "notification.channel-not-built"
    texts = {"en": "The channel is not built yet.", "zh": "该渠道尚未开通。"}


class TextMessageTooLong(InvalidInput):
    """details: characters or parts, and limit."""

    code = "notification.text-message-too-long"
    texts = {"en": "The text message is too long.", "zh": "短信内容过长。"}
