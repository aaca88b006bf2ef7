"""Refusals of the Notify API."""
from __future__ import annotations

from shared_components.kernel.errors import Conflict, Forbidden, InvalidInput, NotFound, Unauthenticated


class NotifyTokenMissing(Unauthenticated):
    code = "notification.notify-token-missing"
    texts = {"en": "The request has no bearer token.", "zh": "请求缺少令牌。"}


class NotifyTokenRefused(Forbidden):
    """details.reason: form, algorithm, issuer, time, signature or revoked."""

    code = "notification.notify-token-refused"
    texts = {"en": "The token is not accepted.", "zh": "令牌未被接受。"}


class NotifyKeyUnknown(NotFound):
    code = "notification.notify-key-unknown"
    texts = {"en": "There is no such Notify key.", "zh": "Notify 密钥不存在。"}


class NotifyKeysTooMany(Conflict):
    """details: limit."""

    code = "notification.notify-keys-too-many"
    texts = {"en": "There are too many Notify keys.", "zh": "Notify 密钥数量已达上限。"}


class RecipientNotOfTeam(InvalidInput):
    """A team key sends to the recipients on its list alone."""

    code = "notification.recipient-not-of-team"
    texts = {"en": "A team key does not send to this recipient.", "zh": "团队密钥不得向该收件人发送。"}


class TemplateUnsuitable(InvalidInput):
    """details: channel, the template's."""

    code = "notification.template-unsuitable"
    texts = {"en": "The template is for another channel.", "zh": "模板适用于其他渠道。"}


class NotifyGuestsNotUsed(InvalidInput):
    """A live or test key with a list of recipients: it would not keep to the list."""

    code = "notification.notify-guests-not-used"
    texts = {"en": "Only a team key has a list of recipients.", "zh": "只有团队密钥可以设置收件名单。"}
