"""The configuration section services.payment."""
from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate

from services.payment.schemas.channel_settings import AlipaySettings, WechatSettings
from services.payment.schemas.webhooks import WebhookSettings
from shared_components.configuration.fields import DEVELOPMENT_ONLY
from shared_components.contracts.settings import return_addresses


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


class BooksSettings(Schema):
    class Meta:
        unknown = RAISE

    close_days_after_s = fields.Integer(
        load_default=43_200, allow_none=True, strict=True, validate=validate.Range(0, 604_800), metadata={
            "allowed": "a whole number from 0 to 604800, or null",
            "meaning": "How long after midnight in China a business day is closed by itself; null: only by close_day. "
            "Until then channels' fees of that day are still dated into it"}
    )


class PaymentSettings(Schema):
    """A channel without its section is there, and says that it is not configured."""

    class Meta:
        unknown = RAISE

    sandbox = fields.Nested(SandboxSettings, load_default=None, allow_none=True, metadata={
        "allowed": "a mapping, in development only", DEVELOPMENT_ONLY: True,
        "meaning": "The pay channel to practise with; without any channel payments cannot start"})
    wechat = fields.Nested(WechatSettings, load_default=None, allow_none=True, metadata={
        "allowed": "a mapping, with the extra zhongtai[wechat] installed",
        "meaning": "WeChat Pay v3; see payment-channels.md"})
    alipay = fields.Nested(AlipaySettings, load_default=None, allow_none=True, metadata={
        "allowed": "a mapping, with the extra zhongtai[alipay] installed",
        "meaning": "Alipay; see payment-channels.md"})
    webhooks = fields.Nested(WebhookSettings, load_default=None, allow_none=True, metadata={
        "allowed": "a mapping", "meaning": "Where apps may be told of their orders; see webhooks.md"})
    return_addresses = return_addresses()
    books = fields.Nested(BooksSettings, load_default=lambda: BooksSettings().load({}), metadata={
        "allowed": "a mapping", "meaning": "The ledger's days"})
