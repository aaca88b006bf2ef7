"""The events of all topics, and the configuration section services.payment."""
from __future__ import annotations

from marshmallow import RAISE, Schema, fields

from services.payment.channels.schemas.sandbox_settings import SandboxSettings
from services.payment.channels.schemas.settings import AlipaySettings, WechatSettings
from services.payment.ledger.schemas.settings import BooksSettings
from services.payment.orders.schemas.events import EVENTS as ORDER_EVENTS
from services.payment.receipts.schemas import EVENTS as RECEIPT_EVENTS
from services.payment.webhooks.schemas import EVENTS as WEBHOOK_EVENTS
from shared_components.configuration.fields import DEVELOPMENT_ONLY
from shared_components.contracts.settings import return_addresses
from shared_components.webhooks.settings import WebhookSettings

EVENTS = (*ORDER_EVENTS, *RECEIPT_EVENTS, *WEBHOOK_EVENTS)


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
