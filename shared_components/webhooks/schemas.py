"""Webhooks on the wire. A service's own schemas add its types of events, and its name for what an event is about."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from marshmallow import fields, validate

from shared_components.contracts import EventContract, Message, PageReply, PageRequest, text
from shared_components.webhooks import delivery_log, keeping
from shared_components.webhooks import webhook as hooks
from shared_components.webhooks.targets import LONGEST_URL

_WEBHOOK_ID = text("The webhook's id, such as whk_….", "回调编号（whk_ 开头）。")
_DELIVERY_ID = text("The delivery's id, such as whd_….", "投递编号（whd_ 开头）。")
_APP = text(
    "Whose things it is told of, such as app-demo; null for all apps of the department, which only operators may have.",
    "通知哪个应用的事项，如 app-demo；null 为本部门全部应用，仅运维可设。")
_URL = text(
    "The address that events are posted to, https to an allowed host; or queue:own, the app's own queue at the broker.",
    "接收事件的地址，须为 https 且主机在平台允许范围内；或 queue:own，即应用在消息代理上的自有队列。")
_CREATED_AT = text("When it was made, UTC.", "创建时间（UTC）。")
_LAST_FAILURE = text(
    "A constant for the last failure, such as timeout or http-status; null when the app took it.",
    "最近一次失败的原因代码，如 timeout、http-status；成功为 null。")
_LAST_STATUS = text(
    "The HTTP status of the last answer; null when there was none.", "最近一次应答的 HTTP 状态码；没有应答为 null。")


def _id(metadata: Any, **options: Any) -> fields.String:
    return fields.String(validate=validate.Length(1, 64), metadata=metadata, **options)


def optional_id(metadata: Any, **options: Any) -> fields.String:
    """An id that may be null or left out."""
    return _id(metadata, load_default=None, allow_none=True, **options)


def event_types(allowed: Sequence[str]) -> fields.List[Any]:
    """The field `events` of a service's PutWebhook. Left out: all types."""
    return fields.List(
        fields.String(validate=validate.OneOf(allowed)), load_default=lambda: list(allowed),
        validate=validate.Length(1, len(allowed)), metadata=text(
            f"The types of events that are sent, such as {allowed[0]}; all when left out.",
            f"订阅的事件类型，如 {allowed[0]}；不传为全部。"))


class PutWebhook(Message):
    """A service adds `events`."""

    webhook_id = optional_id(text(
        "The webhook to change; a new one is made when left out.", "要修改的回调编号；不传则新建。"))
    app = optional_id(_APP)
    url = fields.String(required=True, validate=validate.Length(1, LONGEST_URL), metadata=_URL)
    rotate_secret = fields.Boolean(load_default=False, metadata=text(
        "Whether a new secret is made.", "是否更换签名密钥。"))


class Webhook(Message):
    webhook_id = fields.String(required=True, metadata=_WEBHOOK_ID)
    app = fields.String(required=True, allow_none=True, metadata=_APP)
    url = fields.String(required=True, metadata=_URL)
    events = fields.List(fields.String(), required=True, metadata=text(
        "The types of events that are sent.", "订阅的事件类型。"))
    key_id = fields.String(required=True, metadata=text(
        "The name of the secret, sent in the header X-Zhongtai-Key-Id; a new secret has a new one.",
        "签名密钥编号，随请求头 X-Zhongtai-Key-Id 发送；更换密钥后随之改变。"))
    state = fields.String(required=True, validate=validate.OneOf(hooks.WEBHOOK.states), metadata=text(
        "active, or suspended (given up until put_webhook resumes it).",
        "回调状态：active 启用，suspended 已暂停，再次 put_webhook 即恢复。"))
    created_at = fields.AwareDateTime(required=True, metadata=_CREATED_AT)
    last_success_at = fields.AwareDateTime(required=True, allow_none=True, metadata=text(
        "When the app last took an event, UTC; null when it never did.",
        "最近一次投递成功时间（UTC）；从未成功为 null。"))
    suspended_at = fields.AwareDateTime(required=True, allow_none=True, metadata=text(
        "When it was given up, UTC; null while it is active.", "暂停时间（UTC）；启用中为 null。"))


def shown_secret(data_class: str) -> fields.String:
    """The field `secret` of a reply to put_webhook. data_class: SECRET where the method keeps no reply."""
    return fields.String(required=True, allow_none=True, metadata=text(
        "The secret that signs events, shown only once: of a new webhook or a new secret; else null.",
        "签名密钥，仅在新建或更换时返回一次；其他为 null。", data_class=data_class))


class RemoveWebhook(Message):
    command = keeping.RemoveWebhook
    webhook_id = _id(_WEBHOOK_ID, required=True)


class ListWebhooks(PageRequest):
    command = keeping.ListWebhooks


class Webhooks(PageReply):
    items = fields.List(fields.Nested(Webhook), required=True, metadata=text(
        "The webhooks on this page.", "本页回调地址。"))


class ListDeliveries(PageRequest):
    """A service adds its name for `about`."""

    command = delivery_log.ListDeliveries
    webhook_id = optional_id(text(
        "Only deliveries of this webhook; null for all.", "只查该回调的投递；null 为不限。"))
    state = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(hooks.DELIVERY.states),
        metadata=text("Only deliveries in this state; null for all.", "只查该状态的投递；null 为不限。"))


class Delivery(Message):
    """A service adds its name for `about`."""

    delivery_id = fields.String(required=True, metadata=_DELIVERY_ID)
    webhook_id = fields.String(required=True, metadata=_WEBHOOK_ID)
    event_id = fields.String(required=True, metadata=text(
        "The event's id, the same at each attempt; apps take each once.", "事件编号，重发时不变；应用据此去重。"))
    event_type = fields.String(required=True, metadata=text(
        "The event's type, such as those of put_webhook.", "事件类型，见 put_webhook。"))
    state = fields.String(required=True, validate=validate.OneOf(hooks.DELIVERY.states), metadata=text(
        "pending (to be sent), delivered, or failed (given up).",
        "投递状态：pending 待发送，delivered 已送达，failed 已放弃。"))
    attempts = fields.Integer(required=True, metadata=text("How often sending was tried.", "已尝试投递的次数。"))
    created_at = fields.AwareDateTime(required=True, metadata=_CREATED_AT)
    next_attempt_at = fields.AwareDateTime(required=True, allow_none=True, metadata=text(
        "When it is tried again, UTC; null when it is not.", "下次投递时间（UTC）；不再投递为 null。"))
    delivered_at = fields.AwareDateTime(required=True, allow_none=True, metadata=text(
        "When the app took it, UTC; null before that.", "应用确认收到的时间（UTC）；未送达为 null。"))
    last_status = fields.Integer(required=True, allow_none=True, metadata=_LAST_STATUS)
    last_failure = fields.String(required=True, allow_none=True, metadata=_LAST_FAILURE)


def deliveries_of(delivery: type[Delivery]) -> fields.List[Any]:
    """The field `items` of a page of deliveries."""
    return fields.List(fields.Nested(delivery), required=True, metadata=text(
        "The deliveries on this page, newest first.", "本页投递记录，最新的在前。"))


class ResendWebhook(Message):
    command = delivery_log.ResendWebhook
    delivery_id = _id(_DELIVERY_ID, required=True)


class WebhookSuspended(Message):
    """An endpoint was given up: what waits for it is sent once it is resumed by put_webhook."""

    webhook_id = fields.String(required=True, metadata=_WEBHOOK_ID)
    app = fields.String(required=True, allow_none=True, metadata=_APP)
    failure = fields.String(required=True, allow_none=True, metadata=text(
        "A constant for the last failure, such as timeout; null when there was none.",
        "最近一次失败的原因代码，如 timeout；没有为 null。"))
    status = fields.Integer(required=True, allow_none=True, metadata=_LAST_STATUS)


EVENTS = (
    EventContract("webhook-suspended", WebhookSuspended, summary="A dead webhook gets nothing more.",
    summary_zh="回调地址连续失败，已暂停投递。"),
)
