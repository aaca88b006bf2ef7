"""Errors of the webhooks."""
from __future__ import annotations

from shared_components.webhooks.errors import (
    OwnerRefused,
    TooManyWebhooks,
    UnknownDelivery,
    UnknownWebhook,
    UrlRefused,
    WebhookErrors,
)


class WebhookUnknown(UnknownWebhook):
    """Also what another app's webhook looks like."""

    code = "payment.webhook-unknown"


class WebhookUrlRefused(UrlRefused):
    """details: reason."""

    code = "payment.webhook-url-refused"


class WebhookOwnerRefused(OwnerRefused):
    """Only an operator makes a webhook for another app, or for all of them."""

    code = "payment.webhook-owner-refused"


class WebhooksTooMany(TooManyWebhooks):
    """details: limit."""

    code = "payment.webhooks-too-many"


class DeliveryUnknown(UnknownDelivery):
    code = "payment.delivery-unknown"


ERRORS = WebhookErrors(WebhookUnknown, DeliveryUnknown, WebhookOwnerRefused, WebhooksTooMany)
