"""Methods of service `payment`. Written by `zhongtai clients python`; do not edit."""
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from zhongtai_client.types import payment as types


class Payment:
    """Takes what people pay, from the fee item to the refund, and keeps its books. 受理缴费：从收费项目、订单到退款，并记账、对账、开具电子票据。"""

    def close_order(
        self, *,
        order_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.CloseOrderReply:
        """Close an order that nobody will pay; money that still arrives is given back. 关闭无人缴费的订单；此后到账的款项自动退回。

        Raises payment.OrderNotClosable, payment.OrderUnknown."""

    def create_order(
        self, *,
        lines: Sequence[types.CreateOrderLines],
        payer_name: str,
        app: str | None = ...,
        expires_in_s: int = ...,
        metadata: Mapping[str, Any] = ...,
        payer_subject: str | None = ...,
        reference: str | None = ...,
        return_url: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.CreateOrderReply:
        """Make an order; its price is computed here from fee items and quantities. 创建缴费订单，金额由收费项目和数量计算得出。

        Raises kernel.InvalidName, kernel.ReturnUrlNotAllowed, payment.FeeAmountRefused, payment.FeeItemUnknown, payment.FeeItemsMixed, payment.FeeQuantityRefused, payment.LimitDateMissing, payment.OrderTooLarge."""

    def get_order(
        self, *,
        order_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetOrderReply:
        """One order with its lines. 查询订单及其明细。

        Raises payment.OrderUnknown."""

    def get_receipt(
        self, *,
        order_id: str | None = ...,
        receipt_id: str | None = ...,
        with_pdf: bool = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetReceiptReply:
        """One receipt, with its PDF if wanted. 查询一张票据，可附 PDF；按票据编号或订单编号，二者只填其一。

        Raises payment.ReceiptFontMissing, payment.ReceiptNotPrintable, payment.ReceiptNumbersExhausted, payment.ReceiptTooLarge, payment.ReceiptUnknown."""

    def get_refund(
        self, *,
        refund_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetRefundReply:
        """One refund and how far it is. 查询退款及其进度。

        Raises payment.RefundUnknown."""

    def list_channels(
        self, *,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListChannelsReply:
        """The payment channels that are configured. 查询已配置的支付渠道。"""

    def list_deliveries(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        order_id: str | None = ...,
        state: Literal["pending", "delivered", "failed", None] = ...,
        webhook_id: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListDeliveriesReply:
        """List deliveries to webhooks, newest first: when, how often, with which result. 查询回调投递记录：时间、次数、结果，最新的在前。

        Raises platform.PageCursorInvalid."""

    def list_fee_items(
        self, *,
        after: str | None = ...,
        item_code: str | None = ...,
        limit: int = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListFeeItemsReply:
        """Fee items in force now or planned, by code and version. 查询现行及已排定的收费项目，按编码和版本排序。

        Raises platform.PageCursorInvalid."""

    def list_orders(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        payer_subject: str | None = ...,
        reference: str | None = ...,
        state: Literal["created", "pending", "paid", "partially_refunded", "closed", "expired", "failed", "refunded", None] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListOrdersReply:
        """Orders, newest first, a page at a time. 查询订单，最新的在前。

        Raises platform.PageCursorInvalid."""

    def list_receipts(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        order_id: str | None = ...,
        state: Literal["waiting", "issued", None] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListReceiptsReply:
        """Receipts of an order, or those that wait for a number, newest first. 查询某订单的票据，或待赋号的票据，最新的在前。

        Raises platform.PageCursorInvalid."""

    def list_webhooks(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListWebhooksReply:
        """The app's webhooks; all of the tenant's for operators. Secrets are not shown. 查询本应用的回调地址（运维可查全部），不显示密钥。

        Raises platform.PageCursorInvalid."""

    def put_webhook(
        self, *,
        url: str,
        app: str | None = ...,
        events: Sequence[Literal["order-paid", "order-closed", "order-refunded", "refund-succeeded", "refund-failed", "receipt-issued"]] = ...,
        rotate_secret: bool = ...,
        webhook_id: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.PutWebhookReply:
        """Make or change a webhook; the reply to a new one, or to rotate_secret, holds its secret. 新建或修改回调地址；新建或更换密钥时返回密钥。

        Raises payment.WebhookOwnerRefused, payment.WebhookUnknown, payment.WebhookUrlRefused, payment.WebhooksTooMany."""

    def refund_order(
        self, *,
        amount_minor: int,
        order_id: str,
        reason: str,
        refund_available_minor: int,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RefundOrderReply:
        """Promise a full or partial refund; the channel makes it afterwards, and an event tells when it did. 受理全额或部分退款，随后由渠道办理，结果以事件通知。

        Raises payment.OrderNotRefundable, payment.OrderUnknown, payment.RefundAvailableChanged, payment.RefundTooLarge."""

    def remove_webhook(
        self, *,
        webhook_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RemoveWebhookReply:
        """Remove a webhook, and what waits to be sent to it. 删除回调地址及其待发送的事件。

        Raises payment.WebhookUnknown."""

    def resend_webhook(
        self, *,
        delivery_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ResendWebhookReply:
        """Send a delivery once more: the same event id and body. 重新投递一次，事件编号和内容不变。

        Raises payment.DeliveryUnknown."""

    def start_payment(
        self, *,
        order_id: str,
        channel: str = ...,
        payer_ip: str | None = ...,
        return_url: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.StartPaymentReply:
        """Open the payment at a channel and get the address of its payment page. 在支付渠道发起支付，返回支付页面地址。

        Raises kernel.ReturnUrlNotAllowed, payment.ChannelMisconfigured, payment.ChannelNotBuilt, payment.ChannelNotConfigured, payment.ChannelRefused, payment.ChannelUnavailable, payment.ChannelUnknown, payment.OrderNotPayable, payment.OrderUnknown."""

    def verify_receipt(
        self, *,
        bill_code: str,
        bill_number: str,
        check_code: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.VerifyReceiptReply:
        """Whether a receipt is genuine, by what is printed on it; wrong codes are limited a caller and number. 按票面信息查验票据真伪；同一调用方对同一票号的错误校验码次数有限。

        Raises payment.TooManyGuesses."""

class AsyncPayment:
    """Takes what people pay, from the fee item to the refund, and keeps its books. 受理缴费：从收费项目、订单到退款，并记账、对账、开具电子票据。"""

    async def close_order(
        self, *,
        order_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.CloseOrderReply:
        """Close an order that nobody will pay; money that still arrives is given back. 关闭无人缴费的订单；此后到账的款项自动退回。

        Raises payment.OrderNotClosable, payment.OrderUnknown."""

    async def create_order(
        self, *,
        lines: Sequence[types.CreateOrderLines],
        payer_name: str,
        app: str | None = ...,
        expires_in_s: int = ...,
        metadata: Mapping[str, Any] = ...,
        payer_subject: str | None = ...,
        reference: str | None = ...,
        return_url: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.CreateOrderReply:
        """Make an order; its price is computed here from fee items and quantities. 创建缴费订单，金额由收费项目和数量计算得出。

        Raises kernel.InvalidName, kernel.ReturnUrlNotAllowed, payment.FeeAmountRefused, payment.FeeItemUnknown, payment.FeeItemsMixed, payment.FeeQuantityRefused, payment.LimitDateMissing, payment.OrderTooLarge."""

    async def get_order(
        self, *,
        order_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetOrderReply:
        """One order with its lines. 查询订单及其明细。

        Raises payment.OrderUnknown."""

    async def get_receipt(
        self, *,
        order_id: str | None = ...,
        receipt_id: str | None = ...,
        with_pdf: bool = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetReceiptReply:
        """One receipt, with its PDF if wanted. 查询一张票据，可附 PDF；按票据编号或订单编号，二者只填其一。

        Raises payment.ReceiptFontMissing, payment.ReceiptNotPrintable, payment.ReceiptNumbersExhausted, payment.ReceiptTooLarge, payment.ReceiptUnknown."""

    async def get_refund(
        self, *,
        refund_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.GetRefundReply:
        """One refund and how far it is. 查询退款及其进度。

        Raises payment.RefundUnknown."""

    async def list_channels(
        self, *,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListChannelsReply:
        """The payment channels that are configured. 查询已配置的支付渠道。"""

    async def list_deliveries(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        order_id: str | None = ...,
        state: Literal["pending", "delivered", "failed", None] = ...,
        webhook_id: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListDeliveriesReply:
        """List deliveries to webhooks, newest first: when, how often, with which result. 查询回调投递记录：时间、次数、结果，最新的在前。

        Raises platform.PageCursorInvalid."""

    async def list_fee_items(
        self, *,
        after: str | None = ...,
        item_code: str | None = ...,
        limit: int = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListFeeItemsReply:
        """Fee items in force now or planned, by code and version. 查询现行及已排定的收费项目，按编码和版本排序。

        Raises platform.PageCursorInvalid."""

    async def list_orders(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        payer_subject: str | None = ...,
        reference: str | None = ...,
        state: Literal["created", "pending", "paid", "partially_refunded", "closed", "expired", "failed", "refunded", None] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListOrdersReply:
        """Orders, newest first, a page at a time. 查询订单，最新的在前。

        Raises platform.PageCursorInvalid."""

    async def list_receipts(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        order_id: str | None = ...,
        state: Literal["waiting", "issued", None] = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListReceiptsReply:
        """Receipts of an order, or those that wait for a number, newest first. 查询某订单的票据，或待赋号的票据，最新的在前。

        Raises platform.PageCursorInvalid."""

    async def list_webhooks(
        self, *,
        after: str | None = ...,
        limit: int = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ListWebhooksReply:
        """The app's webhooks; all of the tenant's for operators. Secrets are not shown. 查询本应用的回调地址（运维可查全部），不显示密钥。

        Raises platform.PageCursorInvalid."""

    async def put_webhook(
        self, *,
        url: str,
        app: str | None = ...,
        events: Sequence[Literal["order-paid", "order-closed", "order-refunded", "refund-succeeded", "refund-failed", "receipt-issued"]] = ...,
        rotate_secret: bool = ...,
        webhook_id: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.PutWebhookReply:
        """Make or change a webhook; the reply to a new one, or to rotate_secret, holds its secret. 新建或修改回调地址；新建或更换密钥时返回密钥。

        Raises payment.WebhookOwnerRefused, payment.WebhookUnknown, payment.WebhookUrlRefused, payment.WebhooksTooMany."""

    async def refund_order(
        self, *,
        amount_minor: int,
        order_id: str,
        reason: str,
        refund_available_minor: int,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RefundOrderReply:
        """Promise a full or partial refund; the channel makes it afterwards, and an event tells when it did. 受理全额或部分退款，随后由渠道办理，结果以事件通知。

        Raises payment.OrderNotRefundable, payment.OrderUnknown, payment.RefundAvailableChanged, payment.RefundTooLarge."""

    async def remove_webhook(
        self, *,
        webhook_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.RemoveWebhookReply:
        """Remove a webhook, and what waits to be sent to it. 删除回调地址及其待发送的事件。

        Raises payment.WebhookUnknown."""

    async def resend_webhook(
        self, *,
        delivery_id: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.ResendWebhookReply:
        """Send a delivery once more: the same event id and body. 重新投递一次，事件编号和内容不变。

        Raises payment.DeliveryUnknown."""

    async def start_payment(
        self, *,
        order_id: str,
        channel: str = ...,
        payer_ip: str | None = ...,
        return_url: str | None = ...,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.StartPaymentReply:
        """Open the payment at a channel and get the address of its payment page. 在支付渠道发起支付，返回支付页面地址。

        Raises kernel.ReturnUrlNotAllowed, payment.ChannelMisconfigured, payment.ChannelNotBuilt, payment.ChannelNotConfigured, payment.ChannelRefused, payment.ChannelUnavailable, payment.ChannelUnknown, payment.OrderNotPayable, payment.OrderUnknown."""

    async def verify_receipt(
        self, *,
        bill_code: str,
        bill_number: str,
        check_code: str,
        timeout_s: float | None = ..., op_id: str | None = ..., tenant: str | None = ...,
    ) -> types.VerifyReceiptReply:
        """Whether a receipt is genuine, by what is printed on it; wrong codes are limited a caller and number. 按票面信息查验票据真伪；同一调用方对同一票号的错误校验码次数有限。

        Raises payment.TooManyGuesses."""
