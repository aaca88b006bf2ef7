"""Refusals about messages."""
from __future__ import annotations

from shared_components.kernel.errors import Conflict, InvalidInput, NotFound, TooManyRequests


class RecipientMissing(InvalidInput):
    code = "notification.recipient-missing"
    texts = {"en": "The channel needs another kind of recipient.", "zh": "缺少该渠道所需的接收人。"}


class MessageUnknown(NotFound):
    code = "notification.message-unknown"
    texts = {"en": "There is no such message.", "zh": "消息不存在。"}


class MessageNotCancellable(Conflict):
    code = "notification.message-not-cancellable"
    texts = {"en": "The message can no longer be cancelled.", "zh": "消息已无法撤回。"}


class TooManyCodes(TooManyRequests):
    """The number has had as many one-time codes as carriers allow. details: retry_after_s."""

    code = "notification.too-many-codes"
    texts = {"en": "The number has had too many one-time codes.", "zh": "该号码获取验证码过于频繁。"}
