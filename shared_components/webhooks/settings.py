"""The configuration section of webhooks."""
from __future__ import annotations

import ssl

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from shared_components.configuration.fields import DEVELOPMENT_ONLY, Reason

HOST = r"^(\*\.)?[0-9A-Za-z][0-9A-Za-z.-]{0,252}(:[0-9]{1,5})?\Z"
LAST_PORT = 65_535


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
