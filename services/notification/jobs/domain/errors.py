"""Refusals about jobs. What is wrong with rows of a file is in problems.py: it is reported, not raised."""
from __future__ import annotations

from shared_components.kernel.errors import Conflict, InvalidInput, NotFound


class JobUnknown(NotFound):
    code = "notification.job-unknown"
    texts = {"en": "There is no such job.", "zh": "批量任务不存在。"}


class JobNotInState(Conflict):
    """details: state, allowed."""

    code = "notification.job-not-in-state"
    texts = {"en": "The job's state does not allow this.", "zh": "批量任务当前状态不允许此操作。"}


class JobsTooMany(Conflict):
    """details: limit."""

    code = "notification.jobs-too-many"
    texts = {"en": "There are too many open jobs.", "zh": "未结束的批量任务过多。"}


class JobTemplateRefused(InvalidInput):
    """One-time codes are for one person at a time, and inboxes are named by ids that a file cannot carry."""

    code = "notification.job-template-refused"
    texts = {"en": "The template cannot be sent by a job.", "zh": "该模板不能用于批量发送。"}


class JobTicketInvalid(NotFound):
    """It is unknown, was used, or has run out; nothing more is told of it."""

    code = "notification.job-ticket-invalid"
    texts = {"en": "The ticket is not valid, or no longer.", "zh": "凭证无效或已失效。"}


class JobFileSizeDiffers(InvalidInput):
    code = "notification.job-file-size-differs"
    texts = {"en": "The file has another size than was said.", "zh": "文件大小与声明不一致。"}
