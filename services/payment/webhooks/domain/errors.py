"""Errors of the webhooks."""
from __future__ import annotations

from shared_components.kernel.errors import Conflict, Forbidden, InvalidInput, NotFound


class WebhookUnknown(NotFound):
    """Also what another app's webhook looks like."""

    code = "payment.webhook-unknown"
    texts = {"en": "There is no such webhook.", "zh": "回调订阅不存在。"}


class WebhookUrlRefused(InvalidInput):
    """details: reason."""

    code = "payment.webhook-url-refused"
    texts = {"en": "The webhook's address is not allowed.", "zh": "回调地址不被允许。"}


class WebhookOwnerRefused(Forbidden):
    """Only an operator makes a webhook for another app, or for all of them."""

    code = "payment.webhook-owner-refused"
    texts = {"en": "Only operators make webhooks for others.", "zh": "仅运营人员可为其他应用设置回调。"}


class WebhooksTooMany(Conflict):
    """details: limit."""

    code = "payment.webhooks-too-many"
    texts = {"en": "There are too many webhooks.", "zh": "回调订阅数量已达上限。"}


class DeliveryUnknown(NotFound):
    code = "payment.delivery-unknown"
    texts = {"en": "There is no such delivery.", "zh": "回调记录不存在。"}
