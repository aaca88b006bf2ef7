"""Webhooks on the wire."""
from __future__ import annotations

from marshmallow import fields, validate

from services.payment.common.schemas import texts
from services.payment.common.schemas.fields import object_id, optional_text
from services.payment.webhooks.usecases import webhooks
from shared_components.contracts import EventContract, Message, PageReply, PageRequest, text
from shared_components.webhooks import webhook as hooks
from shared_components.webhooks.delivery_log import ResendWebhook as ResendWebhookCommand
from shared_components.webhooks.keeping import PutWebhook as PutWebhookCommand
from shared_components.webhooks.keeping import RemoveWebhook as RemoveWebhookCommand
from shared_components.webhooks.targets import LONGEST_URL


class PutWebhook(Message):
    """webhook_id: of the one to change; a new one if left out. app: operators only; left out, all apps' orders."""

    command = PutWebhookCommand

    webhook_id = object_id(required=False, metadata=text(
        "The webhook to change; a new one is made when left out.",
        "要修改的回调编号；不传则新建。"))
    app = optional_text(64, metadata=texts.APP)
    url = fields.String(required=True, validate=validate.Length(1, LONGEST_URL), metadata=texts.URL)
    events = fields.List(
        fields.String(validate=validate.OneOf(webhooks.EVENTS)), load_default=lambda: list(webhooks.EVENTS),
        validate=validate.Length(1, len(webhooks.EVENTS)), metadata=texts.EVENTS)
    rotate_secret = fields.Boolean(load_default=False, metadata=text(
        "Whether a new secret is made.",
        "是否更换签名密钥。"))


class Webhook(Message):
    """key_id: names the secret in the header X-Zhongtai-Key-Id; a new secret has a new one."""

    webhook_id = fields.String(required=True, metadata=texts.WEBHOOK_ID)
    app = fields.String(required=True, allow_none=True, metadata=texts.APP)
    url = fields.String(required=True, metadata=texts.URL)
    events = fields.List(fields.String(), required=True, metadata=texts.EVENTS)
    key_id = fields.String(required=True, metadata=text(
        "The name of the secret, sent in the header X-Zhongtai-Key-Id; a new secret has a new one.",
        "签名密钥编号，随请求头 X-Zhongtai-Key-Id 发送；更换密钥后随之改变。"))
    state = fields.String(required=True, validate=validate.OneOf(hooks.WEBHOOK.states), metadata=text(
        "active, or suspended (given up until put_webhook resumes it).",
        "回调状态：active 启用，suspended 已暂停，再次 put_webhook 即恢复。"))
    created_at = fields.AwareDateTime(required=True, metadata=texts.CREATED_AT)
    last_success_at = fields.AwareDateTime(required=True, allow_none=True, metadata=text(
        "When the app last took an event, UTC; null when it never did.",
        "最近一次投递成功时间（UTC）；从未成功为 null。"))
    suspended_at = fields.AwareDateTime(required=True, allow_none=True, metadata=text(
        "When it was given up, UTC; null while it is active.",
        "暂停时间（UTC）；启用中为 null。"))


class PutWebhookReply(Webhook):
    """secret: only of a new webhook or a new secret, and never shown again."""

    secret = fields.String(required=True, allow_none=True, metadata=text(
        "The secret that signs events, shown only once: of a new webhook or a new secret; else null.",
        "签名密钥，仅在新建或更换时返回一次；其他为 null。", data_class="sensitive"))


class RemoveWebhook(Message):
    command = RemoveWebhookCommand

    webhook_id = object_id(metadata=texts.WEBHOOK_ID)


class ListWebhooks(PageRequest):
    pass


class Webhooks(PageReply):
    items = fields.List(fields.Nested(Webhook), required=True, metadata=text(
        "The webhooks on this page.",
        "本页回调地址。"))


class ListDeliveries(PageRequest):
    """Newest first."""

    command = webhooks.ListDeliveries

    webhook_id = object_id(required=False, metadata=text(
        "Only deliveries of this webhook; null for all.",
        "只查该回调的投递；null 为不限。"))
    order_id = object_id(required=False, metadata=text(
        "Only deliveries about this order; null for all.",
        "只查与该订单有关的投递；null 为不限。"))
    state = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(hooks.DELIVERY.states),
        metadata=text(
        "Only deliveries in this state; null for all.",
        "只查该状态的投递；null 为不限。"))


class Delivery(Message):
    """last_failure: a code such as `timeout` or `http-status`; None when the last attempt was taken."""

    delivery_id = fields.String(required=True, metadata=texts.DELIVERY_ID)
    webhook_id = fields.String(required=True, metadata=texts.WEBHOOK_ID)
    event_id = fields.String(required=True, metadata=text(
        "The event's id, the same at each attempt; apps take each once.",
        "事件编号，重发时不变；应用据此去重。"))
    event_type = fields.String(required=True, metadata=text(
        "The event's type, such as order-paid.",
        "事件类型，如 order-paid。"))
    order_id = fields.String(required=True, metadata=texts.ORDER_ID)
    state = fields.String(required=True, validate=validate.OneOf(hooks.DELIVERY.states), metadata=text(
        "pending (to be sent), delivered, or failed (given up).",
        "投递状态：pending 待发送，delivered 已送达，failed 已放弃。"))
    attempts = fields.Integer(required=True, metadata=text(
        "How often sending was tried.",
        "已尝试投递的次数。"))
    created_at = fields.AwareDateTime(required=True, metadata=texts.CREATED_AT)
    next_attempt_at = fields.AwareDateTime(required=True, allow_none=True, metadata=text(
        "When it is tried again, UTC; null when it is not.",
        "下次投递时间（UTC）；不再投递为 null。"))
    delivered_at = fields.AwareDateTime(required=True, allow_none=True, metadata=text(
        "When the app took it, UTC; null before that.",
        "应用确认收到的时间（UTC）；未送达为 null。"))
    last_status = fields.Integer(required=True, allow_none=True, metadata=text(
        "The HTTP status of the last answer; null when there was none.",
        "最近一次应答的 HTTP 状态码；没有应答为 null。"))
    last_failure = fields.String(required=True, allow_none=True, metadata=text(
        "A constant for the last failure, such as timeout or http-status; null when the app took it.",
        "最近一次失败的原因代码，如 timeout、http-status；成功为 null。"))


class Deliveries(PageReply):
    items = fields.List(fields.Nested(Delivery), required=True, metadata=text(
        "The deliveries on this page, newest first.",
        "本页投递记录，最新的在前。"))


class ResendWebhook(Message):
    command = ResendWebhookCommand

    delivery_id = object_id(metadata=texts.DELIVERY_ID)


class WebhookSuspended(Message):
    """An endpoint was given up: what waits for it is sent once it is resumed by put_webhook."""

    webhook_id = fields.String(required=True, metadata=texts.WEBHOOK_ID)
    app = fields.String(required=True, allow_none=True, metadata=texts.APP)
    failure = fields.String(required=True, allow_none=True, metadata=text(
        "A constant for the last failure, such as timeout; null when there was none.",
        "最近一次失败的原因代码，如 timeout；没有为 null。"))
    status = fields.Integer(required=True, allow_none=True, metadata=text(
        "The HTTP status of the last answer; null when there was none.",
        "最近一次应答的 HTTP 状态码；没有应答为 null。"))


EVENTS = (
    EventContract("webhook-suspended", WebhookSuspended, summary="A dead webhook gets nothing more.",
    summary_zh="回调地址连续失败，已暂停投递。"),
)
