"""Configuration section services.notification."""
from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.notification.carriers.settings import SmsSettings
from services.notification.common.fields import limited_text
from shared_components.configuration.fields import Whole
from shared_components.contracts.addresses import EmailAddressField
from shared_components.webhooks.settings import WebhookSettings


def _told(allowed: str, meaning: str) -> dict[str, str]:
    return {"allowed": allowed, "meaning": meaning}


class NotificationSettings(Schema):
    """smtp_security: none is for a server on this machine."""

    smtp_host = limited_text(253, load_default="127.0.0.1", metadata=_told("a host name or address", "The mail server"))
    smtp_port = Whole(load_default=2525, validate=validate.Range(1, 65_535), metadata=_told(
        "a whole number from 1 to 65535", "The mail server's port"))
    smtp_security = fields.String(
        load_default="none", validate=validate.OneOf(("none", "starttls", "tls")), metadata=_told(
            "one of none, starttls, tls", "How the connection is encrypted; `none` is for a server on this machine"))
    smtp_user = fields.String(load_default="", metadata=_told("a text", "Empty for a server without login"))
    smtp_password = fields.String(load_default="", metadata=_told("a text", "Its password; from `${ENV}`"))
    smtp_timeout_s = fields.Float(load_default=10.0, validate=validate.Range(0.1, 120), metadata=_told(
        "a number from 0.1 to 120", "How long the mail server may take to answer each command"))
    smtp_attempt_timeout_s = fields.Float(load_default=60.0, validate=validate.Range(0.1, 600), metadata=_told(
        "a number from 0.1 to 600", "How long the whole delivery of one e-mail may take, from connecting to its end"))
    sender = EmailAddressField(load_default="no-reply@zhongtai.example", metadata=_told(
        "an e-mail address", "Whom e-mails come from"))
    max_attempts = Whole(load_default=8, validate=validate.Range(1, 50), metadata=_told(
        "a whole number from 1 to 50", "Tries to deliver a message before it has failed"))
    first_retry_s = fields.Float(load_default=10.0, validate=validate.Range(0.1, 3600), metadata=_told(
        "a number from 0.1 to 3600", "The wait before the second try; each further one is longer"))
    webhooks = fields.Nested(WebhookSettings, load_default=None, allow_none=True, metadata=_told(
        "a mapping", "Where apps may be told of messages, cases and licences; see webhooks.md"))
    sweep_batch = Whole(load_default=100, validate=validate.Range(1, 1000), metadata=_told(
        "a whole number from 1 to 1000", "Messages of each class that a sweep takes up at a time"))
    content_days = Whole(load_default=7, validate=validate.Range(1, 3650), metadata=_told(
        "a whole number from 1 to 3650",
        "Days after which words and addresses of e-mails and text messages are purged; how they ended stays"))
    template_approval = fields.Boolean(load_default=False, metadata=_told(
        "true or false", "Whether apps send approved templates only, in development too; in production they always do"))
    sms = fields.Nested(SmsSettings, load_default=lambda: SmsSettings().load({}), metadata=_told(
        "a mapping with the providers' own sections", "Text messages and their providers"))
