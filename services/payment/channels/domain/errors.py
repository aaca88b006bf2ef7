"""Errors of payment channels."""
from __future__ import annotations

from shared_components.kernel.errors import Conflict, InvalidInput, Unauthenticated, Unavailable


class ChannelUnknown(InvalidInput):
    """details: channel, available."""

    code = "payment.channel-unknown"
    texts = {"en": "There is no such payment channel.", "zh": "支付渠道不存在。"}


class ChannelNotBuilt(ChannelUnknown):
    """A channel that the world knows and this version does not have. details: channel, available."""

    code = "payment.channel-not-built"
    texts = {"en": "This payment channel is not built yet.", "zh": "该支付渠道尚未接入。"}


class ChannelUnavailable(Unavailable):
    """The channel did not answer, or failed. What it may have done is asked later, never assumed."""

    code = "payment.channel-unavailable"
    texts = {"en": "The payment channel does not answer.", "zh": "支付渠道暂无响应。"}


class ChannelNotConfigured(ChannelUnknown):
    """A channel without settings, named by a caller, who may take another one. details: channel, available."""

    code = "payment.channel-not-configured"
    texts = {"en": "The payment channel is not configured.", "zh": "支付渠道未配置。"}


class ChannelMisconfigured(ChannelUnavailable):
    """The channel does not know who its settings say we are, or lost them while it is needed: operations mend it."""

    code = "payment.channel-misconfigured"
    texts = {"en": "The payment channel is not configured rightly.", "zh": "支付渠道配置有误。"}


class ChannelRefused(Conflict):
    """The channel understood and said no. details: channel_code."""

    code = "payment.channel-refused"
    texts = {"en": "The payment channel refused.", "zh": "支付渠道拒绝了该请求。"}


class NotificationNotAuthentic(Unauthenticated):
    """No signature, a wrong one, or one too old or too new."""

    code = "payment.notification-not-authentic"
    texts = {"en": "The notification's signature is not valid.", "zh": "支付通知签名无效。"}


class NotificationMalformed(InvalidInput):
    code = "payment.notification-malformed"
    texts = {"en": "The notification cannot be read.", "zh": "支付通知格式不正确。"}


class NotificationMismatch(Conflict):
    """Rightly signed, yet not about what was ordered. details: field."""

    code = "payment.notification-mismatch"
    texts = {"en": "The notification does not match the order.", "zh": "支付通知与订单不一致。"}


CHANNEL_ERRORS = (
    ChannelUnknown, ChannelNotBuilt, ChannelNotConfigured, ChannelMisconfigured, ChannelUnavailable,
    ChannelRefused,
)
