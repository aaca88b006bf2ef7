"""Errors of orders and refunds."""
from __future__ import annotations

from shared_components.kernel.errors import Conflict, InvalidInput, NotFound, StalePrecondition


class FeeItemsMixed(InvalidInput):
    """The lines of one order go to one collecting unit, in one division and one currency."""

    code = "payment.fee-items-mixed"
    texts = {"en": "The fee items cannot be paid together.", "zh": "所选收费项目不能合并缴款。"}


class OrderTooLarge(InvalidInput):
    """All lines together, with their late fees. details: amount_minor, limit_minor."""

    code = "payment.order-too-large"
    texts = {"en": "The order's amount is too large.", "zh": "订单金额超出上限。"}


class OrderUnknown(NotFound):
    code = "payment.order-unknown"
    texts = {"en": "There is no such order.", "zh": "订单不存在。"}


class OrderNotPayable(Conflict):
    """details: state."""

    code = "payment.order-not-payable"
    texts = {"en": "The order cannot be paid.", "zh": "订单当前不可支付。"}


class OrderNotClosable(Conflict):
    """details: state."""

    code = "payment.order-not-closable"
    texts = {"en": "The order cannot be closed.", "zh": "订单当前不可关闭。"}


class OrderNotRefundable(Conflict):
    """details: state."""

    code = "payment.order-not-refundable"
    texts = {"en": "The order cannot be refunded.", "zh": "订单当前不可退款。"}


class RefundAvailableChanged(StalePrecondition):
    """details: refund_available_minor, the amount that can be refunded now."""

    code = "payment.refund-available-changed"
    texts = {"en": "The refundable amount has changed.", "zh": "可退金额已变化，请重新查询订单。"}


class RefundTooLarge(InvalidInput):
    """details: refund_available_minor."""

    code = "payment.refund-too-large"
    texts = {"en": "The refund is more than is available.", "zh": "退款金额超过可退金额。"}


class RefundUnknown(NotFound):
    code = "payment.refund-unknown"
    texts = {"en": "There is no such refund.", "zh": "退款单不存在。"}
