"""The configuration section of the sandbox channel."""
from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate


class SandboxSettings(Schema):
    class Meta:
        unknown = RAISE

    base_url = fields.Url(
        required=True, require_tld=False, schemes={"http", "https"},
        metadata={"allowed": "the address of the sandbox server, http:// or https://",
                  "meaning": "The pay channel to practise with: `python -m "
                  "services.payment.sandbox`"},
    )
    merchant_id = fields.String(
        required=True, validate=validate.Length(1, 64), metadata={
            "allowed": "the merchant's id at the sandbox", "meaning": "Who we are to the channel"}
    )
    secret = fields.String(
        required=True, validate=validate.Length(16, 256),
        metadata={"allowed": "16 to 256 characters, shared with the sandbox server", "data_class": "sensitive",
                  "meaning": "Signs requests and reports; from `${ENV}`"},
    )
    notify_url = fields.Url(
        required=True, require_tld=False, schemes={"http", "https"},
        metadata={"allowed": "where the sandbox reports payments: …/callbacks/payment/sandbox",
                  "meaning": "The gateway's address as the channel reaches it"},
    )
    timeout_s = fields.Float(
        load_default=5.0, validate=validate.Range(0.1, 60), metadata={
            "allowed": "a number from 0.1 to 60", "meaning": "How long the channel may take to answer"}
    )
