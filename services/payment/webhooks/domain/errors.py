"""Errors of the webhooks."""
from __future__ import annotations

from shared_components.kernel.bilingual import Bilingual
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


def webhook_unknown(webhook_id: str) -> WebhookUnknown:
    """The same error for a webhook that does not exist and for one that the caller may not see."""
    return WebhookUnknown(Bilingual(
        f"webhook {webhook_id!r} does not exist; list_webhooks gives those that do",
        f"回调“{webhook_id}”不存在；现有回调见 list_webhooks"))


def delivery_unknown(delivery_id: str) -> DeliveryUnknown:
    """The same error for a delivery that does not exist and for one that the caller may not see."""
    return DeliveryUnknown(Bilingual(
        f"delivery {delivery_id!r} does not exist; list_deliveries gives those that do",
        f"投递“{delivery_id}”不存在；现有投递见 list_deliveries"))
