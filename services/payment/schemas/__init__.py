"""The contract with the world: requests, replies, events, settings."""
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
from services.payment.schemas.reconciliation import (
    Difference,
    Differences,
    ImportStatement,
    ListDifferences,
    ListStatements,
    Reconcile,
    Reconciliation,
    ResolveDifference,
    Statement,
    Statements,
)
from services.payment.schemas.refunds import GetRefund, Refund, RefundOrder
from services.payment.schemas.settings import PaymentSettings

__all__ = [
    "AppliedNotification", "ApplyChannelNotification", "CloseOrder", "CreateOrder", "Difference", "Differences",
    "Entries", "FeeItem", "FeeItems", "GetOrder", "GetRefund", "GetTrialBalance", "ImportStatement",
    "ListDifferences", "ListEntries", "ListFeeItems", "ListOrders", "ListStatements", "Order", "OrderClosed",
    "OrderCreated", "OrderPaid", "OrderRefunded", "Orders", "PaymentSettings", "PaymentStarted", "PutFeeItem",
    "Reconcile", "Reconciliation", "Refund", "RefundFailed", "RefundOrder", "RefundRequested", "RefundSucceeded",
    "ResolveDifference", "StartPayment", "StartedPayment", "Statement", "Statements", "TrialBalance",
]
