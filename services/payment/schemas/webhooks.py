"""Webhooks on the wire."""
from __future__ import annotations

import ssl

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from services.payment.domain import webhook as hooks
from services.payment.domain.webhook_targets import LONGEST_URL
from services.payment.schemas.common import object_id, optional_text
from shared_components.cli.configuration_fields import DEVELOPMENT_ONLY, Reason
from shared_components.contracts import Message, PageReply, PageRequest

HOST = r"^(\*\.)?[0-9A-Za-z][0-9A-Za-z.-]{0,252}(:[0-9]{1,5})?\Z"
LAST_PORT = 65_535


class PutWebhook(Message):
    """webhook_id: of the one to change; a new one if left out. app: operators only; left out, all apps' orders."""

    webhook_id = object_id(required=False)
    app = optional_text(64)
    url = fields.String(required=True, validate=validate.Length(1, LONGEST_URL))
    events = fields.List(
        fields.String(validate=validate.OneOf(hooks.EVENTS)), load_default=lambda: list(hooks.EVENTS),
        validate=validate.Length(1, len(hooks.EVENTS)),
    )
    rotate_secret = fields.Boolean(load_default=False)


class Webhook(Message):
    """key_id: names the secret in the header X-Zhongtai-Key-Id; a new secret has a new one."""

    webhook_id = fields.String(required=True)
    app = fields.String(required=True, allow_none=True)
    url = fields.String(required=True)
    events = fields.List(fields.String(), required=True)
    key_id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(hooks.WEBHOOK.states))
    created_at = fields.AwareDateTime(required=True)
    last_success_at = fields.AwareDateTime(required=True, allow_none=True)
    suspended_at = fields.AwareDateTime(required=True, allow_none=True)


class PutWebhookReply(Webhook):
    """secret: only of a new webhook or a new secret, and never shown again."""

    secret = fields.String(required=True, allow_none=True, metadata={"data_class": "sensitive"})


class RemoveWebhook(Message):
    webhook_id = object_id()


class ListWebhooks(PageRequest):
    pass


class Webhooks(PageReply):
    items = fields.List(fields.Nested(Webhook), required=True)


class ListDeliveries(PageRequest):
    """Newest first."""

    webhook_id = object_id(required=False)
    order_id = object_id(required=False)
    state = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(hooks.DELIVERY.states))


class Delivery(Message):
    """last_failure: a code such as `timeout` or `http-status`; None when the last attempt was taken."""

    delivery_id = fields.String(required=True)
    webhook_id = fields.String(required=True)
    event_id = fields.String(required=True)
    event_type = fields.String(required=True)
    order_id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(hooks.DELIVERY.states))
    attempts = fields.Integer(required=True)
    created_at = fields.AwareDateTime(required=True)
    next_attempt_at = fields.AwareDateTime(required=True, allow_none=True)
    delivered_at = fields.AwareDateTime(required=True, allow_none=True)
    last_status = fields.Integer(required=True, allow_none=True)
    last_failure = fields.String(required=True, allow_none=True)


class Deliveries(PageReply):
    items = fields.List(fields.Nested(Delivery), required=True)


class ResendWebhook(Message):
    delivery_id = object_id()


class WebhookSuspended(Message):
    """An endpoint was given up: what waits for it is sent once it is resumed by put_webhook."""

    webhook_id = fields.String(required=True)
    app = fields.String(required=True, allow_none=True)
    failure = fields.String(required=True, allow_none=True)
    status = fields.Integer(required=True, allow_none=True)


def _port_is_one(host: str) -> None:
    port = host.partition(":")[2]
    if port and not 1 <= int(port) <= LAST_PORT:
        raise ValidationError("port is out of range")


def _holds_certificates(file: str) -> None:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(file)
    except ssl.SSLError as error:
        raise ValidationError(Reason("holds no certificate; the path of a PEM file is allowed")) from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "no path"
        raise ValidationError(Reason(f"cannot be read ({why}); the path of a PEM file is allowed")) from error


class WebhookSettings(Schema):
    class Meta:
        unknown = RAISE

    hosts = fields.List(
        fields.String(validate=validate.And(validate.Regexp(HOST), _port_is_one)),
        load_default=list,
        metadata={"allowed": "hosts such as hooks.example.org, *.example.org or hooks.example.org:8443, port to 65535",
                  "meaning": "The only hosts that webhooks are sent to"},
    )
    allow_loopback = fields.Boolean(
        load_default=False, metadata={
            "allowed": "true in development only", DEVELOPMENT_ONLY: True,
            "meaning": "Whether http and https to this machine are allowed too"}
    )
    ca_file = fields.String(
        load_default=None, allow_none=True, validate=_holds_certificates, metadata={
            "allowed": "the path of a PEM file", "meaning": "Certificates trusted beside the system's"}
    )
    timeout_s = fields.Float(
        load_default=10.0, validate=validate.Range(0.1, 30), metadata={
            "allowed": "a number from 0.1 to 30", "meaning": "How long an app's endpoint may take to answer"}
    )
