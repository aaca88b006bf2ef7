"""Starting a payment, and what channels report, on the wire."""
from __future__ import annotations

from marshmallow import fields, validate

from services.payment.common.schemas import texts
from services.payment.common.schemas.fields import object_id, return_url
from services.payment.orders.domain import states
from services.payment.orders.usecases import notifications, start_payment
from shared_components.contracts import Message, text

LONGEST_BODY = 65_536


class StartPayment(Message):
    """payer_ip: of the payer's browser; WeChat's H5 product wants it. It is passed on and not stored."""

    command = start_payment.StartPayment

    order_id = object_id(metadata=texts.ORDER_ID)
    channel = fields.String(load_default="sandbox", validate=validate.Length(1, 20), metadata=texts.CHANNEL)
    return_url = return_url(text(
        "Where the payer comes back to after paying, such as https://app.example/paid; else the order's. Addresses are "
        "allowed for each app.",
        "支付后返回的地址，如 https://app.example/paid，缺省为订单的返回地址；每个应用允许的地址须事先配置。"))
    payer_ip = fields.IP(load_default=None, allow_none=True, metadata=text(
        "The address of the payer's browser; WeChat's H5 payment needs it. It is passed on and not stored.",
        "缴款人浏览器 IP，微信 H5 支付必需；仅转交渠道，不留存。", data_class="personal"))


class StartedPayment(Message):
    """pay_url: the page where the payer pays; of WeChat's native product a weixin:// address to show as a QR code."""

    order_id = fields.String(required=True, metadata=texts.ORDER_ID)
    channel = fields.String(required=True, metadata=texts.CHANNEL)
    pay_url = fields.String(required=True, metadata=text(
        "The page where the payer pays; weixin:// of WeChat Native is shown as a QR code.",
        "支付页面地址；微信 Native 为 weixin:// 链接，须生成二维码展示。"))
    state = fields.String(required=True, validate=validate.OneOf(states.ORDER.states), metadata=texts.STATE)


class ApplyChannelNotification(Message):
    """headers and body exactly as they came: the signature is over the raw body."""

    command = notifications.ApplyChannelNotification

    channel = fields.String(required=True, validate=validate.Length(1, 20), metadata=texts.CHANNEL)
    headers = fields.Dict(
        keys=fields.String(), values=fields.String(), required=True, metadata=text(
        "The HTTP headers exactly as the channel sent them, by name.",
        "渠道通知的 HTTP 请求头，须与收到的完全一致。", data_class="sensitive"))
    body = fields.String(
        required=True, validate=validate.Length(max=LONGEST_BODY), metadata=text(
        "The raw body exactly as the channel sent it, up to 65,536 characters; the signature is over it.",
        "渠道通知的原始正文，须与收到的完全一致，65536 字以内；签名以此为准。", data_class="sensitive"))


class AppliedNotification(Message):
    """applied: whether it changed anything; what is known already does not, and is no error."""

    order_id = fields.String(required=True, metadata=texts.ORDER_ID)
    state = fields.String(required=True, validate=validate.OneOf(states.ORDER.states), metadata=texts.STATE)
    applied = fields.Boolean(required=True, metadata=text(
        "Whether the notification changed anything; a repeated one does not, and is no error.",
        "该通知是否产生变化；重复通知为 false，不算错误。"))
