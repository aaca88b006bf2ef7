"""The contract with the world: requests, replies, events, settings."""
from services.payment.schemas.books import (
    AccountStatement,
    CloseDay,
    ClosedDay,
    GetAccountStatement,
    RecordedPayout,
    RecordPayout,
)
from services.payment.schemas.events import (
    OrderClosed,
    OrderCreated,
    OrderPaid,
    OrderRefunded,
    PaymentStarted,
    RefundFailed,
    RefundRequested,
    RefundSucceeded,
)
from services.payment.schemas.fee_items import FeeItem, FeeItems, ListFeeItems, PutFeeItem
from services.payment.schemas.ledger import Entries, GetTrialBalance, ListEntries, TrialBalance
from services.payment.schemas.orders import CloseOrder, CreateOrder, GetOrder, ListOrders, Order, Orders
from services.payment.schemas.payments import (
    AppliedNotification,
    ApplyChannelNotification,
    StartedPayment,
    StartPayment,
)
from services.payment.schemas.refunds import GetRefund, Refund, RefundOrder
from services.payment.schemas.settings import PaymentSettings

__all__ = [
    "AccountStatement",
    "AppliedNotification",
    "ApplyChannelNotification",
    "CloseDay",
    "CloseOrder",
    "ClosedDay",
    "CreateOrder",
    "Entries",
    "FeeItem",
    "FeeItems",
    "GetAccountStatement",
    "GetOrder",
    "GetRefund",
    "GetTrialBalance",
    "ListEntries",
    "ListFeeItems",
    "ListOrders",
    "Order",
    "OrderClosed",
    "OrderCreated",
    "OrderPaid",
    "OrderRefunded",
    "Orders",
    "PaymentSettings",
    "PaymentStarted",
    "PutFeeItem",
    "RecordPayout",
    "RecordedPayout",
    "Refund",
    "RefundFailed",
    "RefundOrder",
    "RefundRequested",
    "RefundSucceeded",
    "StartPayment",
    "StartedPayment",
    "TrialBalance",
]
