"""Refusals about messages."""
from __future__ import annotations

from shared_components.kernel.errors import Conflict, InvalidInput, NotFound


class RecipientMissing(InvalidInput):
    code = "notification.recipient-missing"
    texts = {"en": "The channel needs another kind of recipient.", "zh": "缺少该渠道所需的接收人。"}


class MessageUnknown(NotFound):
    code = "notification.message-unknown"
    texts = {"en": "There is no such message.", "zh": "消息不存在。"}


class MessageNotCancellable(Conflict):
    code = "notification.message-not-cancellable"
    texts = {"en": "The message can no longer be cancelled.", "zh": "消息已无法撤回。"}
