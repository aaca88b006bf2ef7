"""Refusals about webhooks. A service has its own codes: it subclasses these."""
from __future__ import annotations

from typing import NamedTuple

from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import Conflict, Forbidden, InvalidInput, NotFound


class UrlRefused(InvalidInput):
    """details: reason."""

    code = "webhooks.url-refused"
    texts = {"en": "The webhook's address is not allowed.", "zh": "回调地址不被允许。"}


class UnknownWebhook(NotFound):
    """Also what another app's webhook looks like."""

    code = "webhooks.webhook-unknown"
    texts = {"en": "There is no such webhook.", "zh": "回调订阅不存在。"}


class UnknownDelivery(NotFound):
    code = "webhooks.delivery-unknown"
    texts = {"en": "There is no such delivery.", "zh": "回调记录不存在。"}


class OwnerRefused(Forbidden):
    """Only an operator makes a webhook for another app, or for all of them."""

    code = "webhooks.owner-refused"
    texts = {"en": "Only operators make webhooks for others.", "zh": "仅运营人员可为其他应用设置回调。"}


class TooManyWebhooks(Conflict):
    """details: limit."""

    code = "webhooks.too-many"
    texts = {"en": "There are too many webhooks.", "zh": "回调订阅数量已达上限。"}


class WebhookErrors(NamedTuple):
    """The classes of one service."""

    webhook: type[UnknownWebhook] = UnknownWebhook
    delivery: type[UnknownDelivery] = UnknownDelivery
    owner: type[OwnerRefused] = OwnerRefused
    too_many: type[TooManyWebhooks] = TooManyWebhooks

    def webhook_unknown(self, webhook_id: str) -> UnknownWebhook:
        """The same error for a webhook that does not exist and for one that the caller may not see."""
        return self.webhook(Bilingual(
            f"webhook {webhook_id!r} does not exist; list_webhooks gives those that do",
            f"回调“{webhook_id}”不存在；现有回调见 list_webhooks"))

    def delivery_unknown(self, delivery_id: str) -> UnknownDelivery:
        """The same error for a delivery that does not exist and for one that the caller may not see."""
        return self.delivery(Bilingual(
            f"delivery {delivery_id!r} does not exist; list_deliveries gives those that do",
            f"投递“{delivery_id}”不存在；现有投递见 list_deliveries"))
