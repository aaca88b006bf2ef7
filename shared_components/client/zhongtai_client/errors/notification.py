"""Errors whose codes begin with `notification.`. Written by `zhongtai clients python`; do not edit."""
from __future__ import annotations

from shared_components.kernel import errors as _errors


class AddressInvalid(_errors.InvalidInput):
    """The address is not valid. 地址格式不正确。"""

    code = "notification.address-invalid"
    http_status = 400
    texts = {'en': 'The address is not valid.', 'zh': '地址格式不正确。'}
    of_client = True


class ApproverNotAllowed(_errors.Forbidden):
    """The template cannot be approved by this person. 该人员不能审核此模板。"""

    code = "notification.approver-not-allowed"
    http_status = 403
    texts = {'en': 'The template cannot be approved by this person.', 'zh': '该人员不能审核此模板。'}
    of_client = True


class ChannelNotBuilt(_errors.InvalidInput):
    """The channel is not built yet. 该渠道尚未开通。"""

    code = "notification.channel-not-built"
    http_status = 400
    texts = {'en': 'The channel is not built yet.', 'zh': '该渠道尚未开通。'}
    of_client = True


class ControlCharacter(_errors.InvalidInput):
    """The text has a control character. 内容中含有不允许的控制字符。"""

    code = "notification.control-character"
    http_status = 400
    texts = {'en': 'The text has a control character.', 'zh': '内容中含有不允许的控制字符。'}
    of_client = True


class InboxOfAnother(_errors.Forbidden):
    """The inbox belongs to somebody else. 无权访问他人的收件箱。"""

    code = "notification.inbox-of-another"
    http_status = 403
    texts = {'en': 'The inbox belongs to somebody else.', 'zh': '无权访问他人的收件箱。'}
    of_client = True


class JobNotInState(_errors.Conflict):
    """The job's state does not allow this. 批量任务当前状态不允许此操作。"""

    code = "notification.job-not-in-state"
    http_status = 409
    texts = {'en': "The job's state does not allow this.", 'zh': '批量任务当前状态不允许此操作。'}
    of_client = True


class JobTemplateRefused(_errors.InvalidInput):
    """The template cannot be sent by a job. 该模板不能用于批量发送。"""

    code = "notification.job-template-refused"
    http_status = 400
    texts = {'en': 'The template cannot be sent by a job.', 'zh': '该模板不能用于批量发送。'}
    of_client = True


class JobUnknown(_errors.NotFound):
    """There is no such job. 批量任务不存在。"""

    code = "notification.job-unknown"
    http_status = 404
    texts = {'en': 'There is no such job.', 'zh': '批量任务不存在。'}
    of_client = True


class JobsTooMany(_errors.Conflict):
    """There are too many open jobs. 未结束的批量任务过多。"""

    code = "notification.jobs-too-many"
    http_status = 409
    texts = {'en': 'There are too many open jobs.', 'zh': '未结束的批量任务过多。'}
    of_client = True


class LineBreakInHeader(_errors.InvalidInput):
    """A subject or address has a line break. 主题或地址中不得包含换行。"""

    code = "notification.line-break-in-header"
    http_status = 400
    texts = {'en': 'A subject or address has a line break.', 'zh': '主题或地址中不得包含换行。'}
    of_client = True


class MessageNotCancellable(_errors.Conflict):
    """The message can no longer be cancelled. 消息已无法撤回。"""

    code = "notification.message-not-cancellable"
    http_status = 409
    texts = {'en': 'The message can no longer be cancelled.', 'zh': '消息已无法撤回。'}
    of_client = True


class MessageTooLarge(_errors.InvalidInput):
    """The message is too long. 消息内容过长。"""

    code = "notification.message-too-large"
    http_status = 400
    texts = {'en': 'The message is too long.', 'zh': '消息内容过长。'}
    of_client = True


class MessageUnknown(_errors.NotFound):
    """There is no such message. 消息不存在。"""

    code = "notification.message-unknown"
    http_status = 404
    texts = {'en': 'There is no such message.', 'zh': '消息不存在。'}
    of_client = True


class NotifyGuestsNotUsed(_errors.InvalidInput):
    """Only a team key has a list of recipients. 只有团队密钥可以设置收件名单。"""

    code = "notification.notify-guests-not-used"
    http_status = 400
    texts = {'en': 'Only a team key has a list of recipients.', 'zh': '只有团队密钥可以设置收件名单。'}
    of_client = True


class NotifyKeyUnknown(_errors.NotFound):
    """There is no such Notify key. Notify 密钥不存在。"""

    code = "notification.notify-key-unknown"
    http_status = 404
    texts = {'en': 'There is no such Notify key.', 'zh': 'Notify 密钥不存在。'}
    of_client = True


class NotifyKeysTooMany(_errors.Conflict):
    """There are too many Notify keys. Notify 密钥数量已达上限。"""

    code = "notification.notify-keys-too-many"
    http_status = 409
    texts = {'en': 'There are too many Notify keys.', 'zh': 'Notify 密钥数量已达上限。'}
    of_client = True


class ProviderNotConfigured(_errors.Unavailable):
    """The provider is not configured. 短信服务商未配置。"""

    code = "notification.provider-not-configured"
    http_status = 503
    texts = {'en': 'The provider is not configured.', 'zh': '短信服务商未配置。'}
    of_client = True


class RecipientMissing(_errors.InvalidInput):
    """The channel needs another kind of recipient. 缺少该渠道所需的接收人。"""

    code = "notification.recipient-missing"
    http_status = 400
    texts = {'en': 'The channel needs another kind of recipient.', 'zh': '缺少该渠道所需的接收人。'}
    of_client = True


class RecipientNotOfTeam(_errors.InvalidInput):
    """A team key does not send to this recipient. 团队密钥不得向该收件人发送。"""

    code = "notification.recipient-not-of-team"
    http_status = 400
    texts = {'en': 'A team key does not send to this recipient.', 'zh': '团队密钥不得向该收件人发送。'}
    of_client = True


class TemplateInvalid(_errors.InvalidInput):
    """The template is not valid. 模板内容不符合要求。"""

    code = "notification.template-invalid"
    http_status = 400
    texts = {'en': 'The template is not valid.', 'zh': '模板内容不符合要求。'}
    of_client = True


class TemplateNotApproved(_errors.Conflict):
    """The template is not approved. 模板尚未审核通过。"""

    code = "notification.template-not-approved"
    http_status = 409
    texts = {'en': 'The template is not approved.', 'zh': '模板尚未审核通过。'}
    of_client = True


class TemplateNotFiled(_errors.Conflict):
    """The template is not filed with a provider. 模板尚未在短信服务商报备。"""

    code = "notification.template-not-filed"
    http_status = 409
    texts = {'en': 'The template is not filed with a provider.', 'zh': '模板尚未在短信服务商报备。'}
    of_client = True


class TemplateUnknown(_errors.NotFound):
    """There is no such template. 模板不存在。"""

    code = "notification.template-unknown"
    http_status = 404
    texts = {'en': 'There is no such template.', 'zh': '模板不存在。'}
    of_client = True


class TemplateUnsuitable(_errors.InvalidInput):
    """The template is for another channel. 模板适用于其他渠道。"""

    code = "notification.template-unsuitable"
    http_status = 400
    texts = {'en': 'The template is for another channel.', 'zh': '模板适用于其他渠道。'}
    of_client = True


class TextMessageTooLong(_errors.InvalidInput):
    """The text message is too long. 短信内容过长。"""

    code = "notification.text-message-too-long"
    http_status = 400
    texts = {'en': 'The text message is too long.', 'zh': '短信内容过长。'}
    of_client = True


class TooManyCodes(_errors.TooManyRequests):
    """The number has had too many one-time codes. 该号码获取验证码过于频繁。"""

    code = "notification.too-many-codes"
    http_status = 429
    texts = {'en': 'The number has had too many one-time codes.', 'zh': '该号码获取验证码过于频繁。'}
    of_client = True


class ValuesMissing(_errors.InvalidInput):
    """Values for the template are missing. 缺少模板所需的内容。"""

    code = "notification.values-missing"
    http_status = 400
    texts = {'en': 'Values for the template are missing.', 'zh': '缺少模板所需的内容。'}
    of_client = True
