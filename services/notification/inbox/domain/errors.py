"""Refusals about inboxes."""
from __future__ import annotations

from shared_components.kernel.errors import Forbidden


class InboxOfAnother(Forbidden):
    code = "notification.inbox-of-another"
    texts = {"en": "The inbox belongs to somebody else.", "zh": "无权访问他人的收件箱。"}
