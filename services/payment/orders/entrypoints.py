"""Entrypoints of orders and refunds."""
from __future__ import annotations

from services.payment.channels.domain.errors import (
    CHANNEL_ERRORS,
    ChannelMisconfigured,
    ChannelNotBuilt,
    ChannelUnknown,
    NotificationMalformed,
    NotificationMismatch,
    NotificationNotAuthentic,
)
from services.payment.channels.domain.ports import Channels
from services.payment.common.domain.callers import APPS, APPS_AND_MATTER, PAYER
from services.payment.fees.domain.errors import FeeAmountRefused, FeeItemUnknown, FeeQuantityRefused, LimitDateMissing
from services.payment.orders import schemas
from services.payment.orders.domain.errors import (
    FeeItemsMixed,
    OrderNotClosable,
    OrderNotPayable,
    OrderNotRefundable,
    OrderTooLarge,
    OrderUnknown,
    RefundAvailableChanged,
    RefundTooLarge,
    RefundUnknown,
)
from services.payment.orders.domain.ports import HasOrders, HasRefunds
from services.payment.orders.usecases import (
    close_order,
    create_orders,
    get_refund,
    notifications,
    push_refund,
    read_orders,
    refund_order,
    scheduled,
    start_payment,
)
from services.payment.orders.usecases.close_order import CloseOrder, EndOrderTx
from services.payment.orders.usecases.create_orders import CreateOrder, CreateOrdersTx
from services.payment.orders.usecases.get_refund import GetRefund
from services.payment.orders.usecases.notifications import (
    AppliedView,
    ApplyChannelNotification,
    ApplyChannelNotificationsTx,
)
from services.payment.orders.usecases.read_orders import GetOrder, ListOrders
from services.payment.orders.usecases.refund_order import RefundOrder, RefundTx
from services.payment.orders.usecases.start_payment import StartedPaymentView, StartPayment
from services.payment.orders.usecases.views import OrderView, RefundView
from shared_components.bus import Transactions, every, on_event, rpc_method, side_by_side
from shared_components.kernel.calls import Call, Event
from shared_components.kernel.errors import AppError
from shared_components.kernel.load_classes import LISTS, VITAL
from shared_components.kernel.method_rules import RuleArguments
from shared_components.kernel.names import InvalidName
from shared_components.kernel.paging import PageView
from shared_components.kernel.return_addresses import ReturnUrlNotAllowed

ORDERED: RuleArguments = {
    "basis": ["own", "agreement", "platform"], "resource": "order", "about": [], "roles": [], "level": 0,
    "as_subject": False, "discloses": True, "composable": True,
}
PAID: RuleArguments = {**ORDERED, "about": [PAYER]}
CLOSED: RuleArguments = {**PAID, "roles": ["handler", "finance"]}
READ: RuleArguments = {
    **PAID, "basis": ["own", "holder", "agreement", "platform"], "roles": ["handler", "finance", "auditor"]}
LISTED: RuleArguments = {**READ, "basis": ["own", "holder", "platform"], "composable": False}
REFUNDED: RuleArguments = {**ORDERED, "roles": ["finance"]}
ANSWERED: RuleArguments = {
    "basis": ["outside", "platform"], "resource": "order", "about": [], "roles": [], "level": 0,
    "as_subject": False, "discloses": False, "composable": False,
}


class OrderEntrypoints:
    """Takes orders, payments and refunds."""

    channels: Channels

    @rpc_method(request=schemas.CreateOrder, reply=schemas.Order, callers=APPS_AND_MATTER, mutating=True,
                bulk=True, public=True,
                errors=[FeeItemUnknown, FeeItemsMixed, FeeQuantityRefused,
                        FeeAmountRefused, LimitDateMissing, OrderTooLarge, InvalidName,
                        ReturnUrlNotAllowed],
        **ORDERED, load_class=VITAL, zh="创建缴费订单，金额由收费项目和数量计算得出。")
    def create_order(self, tx: CreateOrdersTx, calls: list[Call[CreateOrder]]) -> list[OrderView | AppError]:
        """Make an order; its price is computed here from fee items and quantities."""
        return create_orders.create_orders(tx, calls)

    @rpc_method(request=schemas.GetOrder, reply=schemas.Order, callers=APPS_AND_MATTER, bulk=True, public=True,
                errors=[OrderUnknown],
        **READ, load_class=VITAL, zh="查询订单及其明细。")
    def get_order(self, tx: HasOrders, calls: list[Call[GetOrder]]) -> list[OrderView | AppError]:
        """One order with its lines."""
        return read_orders.get_orders(tx, calls)

    @rpc_method(request=schemas.ListOrders, reply=schemas.Orders, callers=APPS, bulk=True, public=True,
        **LISTED, load_class=LISTS, zh="查询订单，最新的在前。")
    def list_orders(self, tx: HasOrders, calls: list[Call[ListOrders]]) -> list[PageView[OrderView] | AppError]:
        """Orders, newest first, a page at a time."""
        return read_orders.list_orders(tx, calls)

    @rpc_method(request=schemas.CloseOrder, reply=schemas.Order, callers=APPS_AND_MATTER, mutating=True, public=True,
                errors=[OrderUnknown, OrderNotClosable],
        **CLOSED, load_class=VITAL, zh="关闭无人缴费的订单；此后到账的款项自动退回。")
    def close_order(self, tx: EndOrderTx, call: Call[CloseOrder]) -> OrderView:
        """Close an order that nobody will pay; money that still arrives is given back."""
        return close_order.close_order(tx, call.data, call.context)

    @rpc_method(request=schemas.StartPayment, reply=schemas.StartedPayment, callers=APPS_AND_MATTER, mutating=True,
                public=True, own_transactions=True, bulk=True,
                errors=[OrderUnknown, OrderNotPayable, ReturnUrlNotAllowed, *CHANNEL_ERRORS],
        **PAID, load_class=VITAL, zh="在支付渠道发起支付，返回支付页面地址。")
    def start_payment(
        self, transactions: Transactions, calls: list[Call[StartPayment]]
    ) -> list[StartedPaymentView | AppError]:
        """Open the payment at a channel and get the address of its payment page."""
        return start_payment.start_payments(transactions, self.channels, calls, side_by_side)

    @rpc_method(request=schemas.ApplyChannelNotification, reply=schemas.AppliedNotification, callers=["gateway"],
                mutating=True, bulk=True,
                errors=[ChannelUnknown, ChannelNotBuilt, ChannelMisconfigured,
                        NotificationNotAuthentic, NotificationMalformed, NotificationMismatch,
                        OrderUnknown, RefundUnknown],
        **ANSWERED, load_class=VITAL, zh="接收渠道签名的支付或退款通知，重复或乱序均无影响。")
    def apply_channel_notification(
        self, tx: ApplyChannelNotificationsTx, calls: list[Call[ApplyChannelNotification]]
    ) -> list[AppliedView | AppError]:
        """Take a channel's signed word on a payment or refund; duplicates and disorder do no harm."""
        return notifications.apply_channel_notifications(tx, calls)

    @rpc_method(request=schemas.RefundOrder, reply=schemas.Refund, callers=APPS_AND_MATTER, mutating=True, public=True,
                errors=[OrderUnknown, OrderNotRefundable, RefundAvailableChanged,
                        RefundTooLarge],
        **REFUNDED, zh="受理全额或部分退款，随后由渠道办理，结果以事件通知。")
    def refund_order(self, tx: RefundTx, call: Call[RefundOrder]) -> RefundView:
        """Promise a full or partial refund; the channel makes it afterwards, and an event tells when it did."""
        return refund_order.refund_order(tx, call.data, call.context)

    @rpc_method(request=schemas.GetRefund, reply=schemas.Refund, callers=APPS_AND_MATTER, bulk=True, public=True,
                errors=[RefundUnknown],
        **READ, zh="查询退款及其进度。")
    def get_refund(self, tx: HasRefunds, calls: list[Call[GetRefund]]) -> list[RefundView | AppError]:
        """One refund and how far it is."""
        return get_refund.get_refunds(tx, calls)

    @on_event("payment", "refund-requested", own_transactions=True)
    def make_refund(self, transactions: Transactions, event: Event) -> None:
        push_refund.push_refund(transactions, self.channels, event.tenant, event.data["refund_id"])

    @every(seconds=5)
    def push_refunds(self, transactions: Transactions) -> None:
        scheduled.push_refunds(transactions, self.channels)

    @every(seconds=5)
    def query_unanswered(self, transactions: Transactions) -> None:
        scheduled.query_unanswered(transactions, self.channels)

    @every(seconds=15)
    def expire_orders(self, transactions: Transactions) -> None:
        scheduled.expire_orders(transactions, self.channels)
