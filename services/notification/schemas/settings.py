"""Configuration section services.notification."""
from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.notification.schemas.values import text


class NotificationSettings(Schema):
    """smtp_security: none is for a server on this machine."""

    smtp_host = text(253, load_default="127.0.0.1")
    smtp_port = fields.Integer(load_default=2525, validate=validate.Range(1, 65_535))
    smtp_security = fields.String(load_default="none", validate=validate.OneOf(("none", "starttls", "tls")))
    smtp_user = fields.String(load_default="")
    smtp_password = fields.String(load_default="")
    smtp_timeout_s = fields.Float(load_default=10.0, validate=validate.Range(0.1, 120))
    sender = fields.Email(load_default="no-reply@zhongtai.example")
    max_attempts = fields.Integer(load_default=8, validate=validate.Range(1, 50))
    first_retry_s = fields.Float(load_default=10.0, validate=validate.Range(0.1, 3600))
    sweep_batch = fields.Integer(load_default=100, validate=validate.Range(1, 1000))
