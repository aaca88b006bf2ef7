"""Answers to steps: of applicants who choose a channel, and of outside systems."""
from __future__ import annotations

from marshmallow import fields, validate

from services.matter.common import texts
from services.matter.common.fields import NAME, PERSONAL, SENSITIVE, limited_text, return_url
from services.matter.kinds.callback import receive
from services.matter.kinds.pay import choose_channel
from shared_components.contracts import Message, text


class ReceiveCallback(Message):
    """body: the raw bytes as they came, as text; what it says counts only because it is signed.

    signature: HMAC-SHA256 over timestamp + "." + body, in hex. timestamp: epoch seconds, ±300 s.
    The body is JSON: {"callback_id", "case_id", "step", "result": {…}}. result: if given, must be what the body says.
    """

    command = receive.ReceiveCallback
    case_id = limited_text(40, required=True, metadata=texts.CASE_ID)
    step = fields.String(required=True, validate=validate.Regexp(NAME), metadata=texts.STEP)
    result = fields.Dict(load_default=None, allow_none=True, metadata=text(
        "If given, it must be the result in the signed body; null to leave it out.",
        "如填写，须与签名正文中的 result 一致；可为 null。", **PERSONAL))
    key_id = limited_text(64, required=True, metadata=text(
        "The id of the key that signs, as configured for the source; header X-Zhongtai-Key-Id.",
        "签名密钥编号，即请求头 X-Zhongtai-Key-Id 的值。"))
    timestamp = limited_text(20, required=True, metadata=text(
        "When it was signed: epoch seconds, at most 300 s from now.",
        "签名时间，Unix 秒，与当前时间相差不超过 300 秒。"))
    signature = limited_text(128, required=True, metadata=text(
        "HMAC-SHA256 over timestamp, a dot and the body, in hexadecimal.",
        "签名：对“时间戳.正文”作 HMAC-SHA256，十六进制。", **SENSITIVE))
    body = limited_text(65_536, required=True, metadata=text(
        "The raw JSON body as it came, up to 65,536 characters; what it says counts only because it is signed.",
        "原始 JSON 正文，须与收到的完全一致，65536 字以内；内容以签名为准。", **PERSONAL))


class CallbackTaken(Message):
    """state: of the step, after the callback."""

    case_id = fields.String(required=True, metadata=texts.CASE_ID)
    step = fields.String(required=True, metadata=texts.STEP)
    state = fields.String(required=True, metadata=texts.STATE)


class ChooseChannel(Message):
    command = choose_channel.ChooseChannel
    case_id = limited_text(40, required=True, metadata=texts.CASE_ID)
    step = fields.String(required=True, validate=validate.Regexp(NAME), metadata=text(
        "A step of kind pay that waits, such as pay.", "等待缴费的步骤，如 pay。"))
    channel = limited_text(20, required=True, metadata=text(
        "One of the channels in the step's result, such as alipay.", "步骤结果中列出的支付渠道之一，如 alipay。"))
    return_url = return_url()


class ChosenChannel(Message):
    case_id = fields.String(required=True, metadata=texts.CASE_ID)
    step = fields.String(required=True, metadata=texts.STEP)
    state = fields.String(required=True, metadata=texts.STATE)
    channel = fields.String(required=True, metadata=text(
        "The channel that was chosen.", "所选支付渠道。"))
    pay_url = fields.String(required=True, metadata=text(
        "The page where the applicant pays; of WeChat's native product a weixin:// address to show as a QR code.",
        "申请人缴费的页面地址；微信 Native 支付为 weixin:// 地址，须展示为二维码。"))
