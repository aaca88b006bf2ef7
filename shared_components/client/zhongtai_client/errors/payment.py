"""Errors whose codes begin with `payment.`. Written by `zhongtai clients python`; do not edit."""
from __future__ import annotations

from shared_components.kernel import errors as _errors


class ChannelMisconfigured(_errors.Unavailable):
    """The payment channel is not configured rightly. 支付渠道配置有误。"""

    code = "payment.channel-misconfigured"
    http_status = 503
    texts = {'en': 'The payment channel is not configured rightly.', 'zh': '支付渠道配置有误。'}
    of_client = True


class ChannelNotBuilt(_errors.InvalidInput):
    """This payment channel is not built yet. 该支付渠道尚未接入。"""

    code = "payment.channel-not-built"
    http_status = 400
    texts = {'en': 'This payment channel is not built yet.', 'zh': '该支付渠道尚未接入。'}
    of_client = True


class ChannelNotConfigured(_errors.InvalidInput):
    """The payment channel is not configured. 支付渠道未配置。"""

    code = "payment.channel-not-configured"
    http_status = 400
    texts = {'en': 'The payment channel is not configured.', 'zh': '支付渠道未配置。'}
    of_client = True


class ChannelRefused(_errors.Conflict):
    """The payment channel refused. 支付渠道拒绝了该请求。"""

    code = "payment.channel-refused"
    http_status = 409
    texts = {'en': 'The payment channel refused.', 'zh': '支付渠道拒绝了该请求。'}
    of_client = True


class ChannelUnavailable(_errors.Unavailable):
    """The payment channel does not answer. 支付渠道暂无响应。"""

    code = "payment.channel-unavailable"
    http_status = 503
    texts = {'en': 'The payment channel does not answer.', 'zh': '支付渠道暂无响应。'}
    of_client = True


class ChannelUnknown(_errors.InvalidInput):
    """There is no such payment channel. 支付渠道不存在。"""

    code = "payment.channel-unknown"
    http_status = 400
    texts = {'en': 'There is no such payment channel.', 'zh': '支付渠道不存在。'}
    of_client = True


class DeliveryUnknown(_errors.NotFound):
    """There is no such delivery. 回调记录不存在。"""

    code = "payment.delivery-unknown"
    http_status = 404
    texts = {'en': 'There is no such delivery.', 'zh': '回调记录不存在。'}
    of_client = True


class FeeAmountRefused(_errors.InvalidInput):
    """The amount is outside what the fee item allows. 金额超出收费项目允许范围。"""

    code = "payment.fee-amount-refused"
    http_status = 400
    texts = {'en': 'The amount is outside what the fee item allows.', 'zh': '金额超出收费项目允许范围。'}
    of_client = True


class FeeItemUnknown(_errors.InvalidInput):
    """There is no such fee item in force. 收费项目不存在或不在有效期内。"""

    code = "payment.fee-item-unknown"
    http_status = 400
    texts = {'en': 'There is no such fee item in force.', 'zh': '收费项目不存在或不在有效期内。'}
    of_client = True


class FeeItemsMixed(_errors.InvalidInput):
    """The fee items cannot be paid together. 所选收费项目不能合并缴款。"""

    code = "payment.fee-items-mixed"
    http_status = 400
    texts = {'en': 'The fee items cannot be paid together.', 'zh': '所选收费项目不能合并缴款。'}
    of_client = True


class FeeQuantityRefused(_errors.InvalidInput):
    """The quantity is outside what the fee item allows. 数量超出收费项目允许范围。"""

    code = "payment.fee-quantity-refused"
    http_status = 400
    texts = {'en': 'The quantity is outside what the fee item allows.', 'zh': '数量超出收费项目允许范围。'}
    of_client = True


class LimitDateMissing(_errors.InvalidInput):
    """The limit date is missing. 该收费项目须填写限缴日期。"""

    code = "payment.limit-date-missing"
    http_status = 400
    texts = {'en': 'The limit date is missing.', 'zh': '该收费项目须填写限缴日期。'}
    of_client = True


class OrderNotClosable(_errors.Conflict):
    """The order cannot be closed. 订单当前不可关闭。"""

    code = "payment.order-not-closable"
    http_status = 409
    texts = {'en': 'The order cannot be closed.', 'zh': '订单当前不可关闭。'}
    of_client = True


class OrderNotPayable(_errors.Conflict):
    """The order cannot be paid. 订单当前不可支付。"""

    code = "payment.order-not-payable"
    http_status = 409
    texts = {'en': 'The order cannot be paid.', 'zh': '订单当前不可支付。'}
    of_client = True


class OrderNotRefundable(_errors.Conflict):
    """The order cannot be refunded. 订单当前不可退款。"""

    code = "payment.order-not-refundable"
    http_status = 409
    texts = {'en': 'The order cannot be refunded.', 'zh': '订单当前不可退款。'}
    of_client = True


class OrderTooLarge(_errors.InvalidInput):
    """The order's amount is too large. 订单金额超出上限。"""

    code = "payment.order-too-large"
    http_status = 400
    texts = {'en': "The order's amount is too large.", 'zh': '订单金额超出上限。'}
    of_client = True


class OrderUnknown(_errors.NotFound):
    """There is no such order. 订单不存在。"""

    code = "payment.order-unknown"
    http_status = 404
    texts = {'en': 'There is no such order.', 'zh': '订单不存在。'}
    of_client = True


class ReceiptFontMissing(_errors.Unavailable):
    """The receipt needs a font that is not installed on the server. 生成该票据所需的字体未在服务器上安装。"""

    code = "payment.receipt-font-missing"
    http_status = 503
    texts = {'en': 'The receipt needs a font that is not installed on the server.', 'zh': '生成该票据所需的字体未在服务器上安装。'}
    of_client = True


class ReceiptNotPrintable(_errors.Conflict):
    """The receipt has characters that no font here can show; its data are right, ask a counter for the paper. 票据含有本系统字体无法正确显示的字符，票据数据无误，请到窗口领取纸质件。"""

    code = "payment.receipt-not-printable"
    http_status = 409
    texts = {'en': 'The receipt has characters that no font here can show; its data are right, ask a counter for the paper.', 'zh': '票据含有本系统字体无法正确显示的字符，票据数据无误，请到窗口领取纸质件。'}
    of_client = True


class ReceiptNumbersExhausted(_errors.Conflict):
    """There are no receipt numbers left. 票据号段已用尽，等待补充。"""

    code = "payment.receipt-numbers-exhausted"
    http_status = 409
    texts = {'en': 'There are no receipt numbers left.', 'zh': '票据号段已用尽，等待补充。'}
    of_client = True


class ReceiptTooLarge(_errors.Conflict):
    """The receipt's document is too large. 电子票据文件过大。"""

    code = "payment.receipt-too-large"
    http_status = 409
    texts = {'en': "The receipt's document is too large.", 'zh': '电子票据文件过大。'}
    of_client = True


class ReceiptUnknown(_errors.NotFound):
    """There is no such receipt. 电子票据不存在。"""

    code = "payment.receipt-unknown"
    http_status = 404
    texts = {'en': 'There is no such receipt.', 'zh': '电子票据不存在。'}
    of_client = True


class RefundAvailableChanged(_errors.Conflict):
    """The refundable amount has changed. 可退金额已变化，请重新查询订单。"""

    code = "payment.refund-available-changed"
    http_status = 412
    texts = {'en': 'The refundable amount has changed.', 'zh': '可退金额已变化，请重新查询订单。'}
    of_client = True


class RefundTooLarge(_errors.InvalidInput):
    """The refund is more than is available. 退款金额超过可退金额。"""

    code = "payment.refund-too-large"
    http_status = 400
    texts = {'en': 'The refund is more than is available.', 'zh': '退款金额超过可退金额。'}
    of_client = True


class RefundUnknown(_errors.NotFound):
    """There is no such refund. 退款单不存在。"""

    code = "payment.refund-unknown"
    http_status = 404
    texts = {'en': 'There is no such refund.', 'zh': '退款单不存在。'}
    of_client = True


class TooManyGuesses(_errors.TooManyRequests):
    """Too many wrong check codes for this receipt number; try again later. 该票据号码的校验码错误次数过多，请稍后再试。"""

    code = "payment.too-many-guesses"
    http_status = 429
    texts = {'en': 'Too many wrong check codes for this receipt number; try again later.', 'zh': '该票据号码的校验码错误次数过多，请稍后再试。'}
    of_client = True


class WebhookOwnerRefused(_errors.Forbidden):
    """Only operators make webhooks for others. 仅运营人员可为其他应用设置回调。"""

    code = "payment.webhook-owner-refused"
    http_status = 403
    texts = {'en': 'Only operators make webhooks for others.', 'zh': '仅运营人员可为其他应用设置回调。'}
    of_client = True


class WebhookUnknown(_errors.NotFound):
    """There is no such webhook. 回调订阅不存在。"""

    code = "payment.webhook-unknown"
    http_status = 404
    texts = {'en': 'There is no such webhook.', 'zh': '回调订阅不存在。'}
    of_client = True


class WebhookUrlRefused(_errors.InvalidInput):
    """The webhook's address is not allowed. 回调地址不被允许。"""

    code = "payment.webhook-url-refused"
    http_status = 400
    texts = {'en': "The webhook's address is not allowed.", 'zh': '回调地址不被允许。'}
    of_client = True


class WebhooksTooMany(_errors.Conflict):
    """There are too many webhooks. 回调订阅数量已达上限。"""

    code = "payment.webhooks-too-many"
    http_status = 409
    texts = {'en': 'There are too many webhooks.', 'zh': '回调订阅数量已达上限。'}
    of_client = True
