"""The contract with the world: requests, replies, events, settings."""
from services.payment.channels.schemas.channels import Channels, ListChannels
from services.payment.fees.schemas import FeeItem, FeeItems, ListFeeItems, PutFeeItem
from services.payment.ledger.schemas.books import AccountStatement, CloseDay, ClosedDay, GetAccountStatement
from services.payment.ledger.schemas.ledger import Entries, GetTrialBalance, ListEntries, TrialBalance
from services.payment.ledger.schemas.settlement import GetSettlement, Settlement
from services.payment.orders.schemas.events import EVENTS as ORDER_EVENTS
from services.payment.orders.schemas.orders import CloseOrder, CreateOrder, GetOrder, ListOrders, Order, Orders
from services.payment.orders.schemas.payments import (
    AppliedNotification,
    ApplyChannelNotification,
    StartedPayment,
    StartPayment,
)
from services.payment.orders.schemas.refunds import GetRefund, Refund, RefundOrder
from services.payment.receipts.schemas import EVENTS as RECEIPT_EVENTS
from services.payment.receipts.schemas import (
    GetReceipt,
    ListReceiptRanges,
    ListReceipts,
    PutReceiptRange,
    PutReceiptRangeReply,
    ReceiptRanges,
    Receipts,
    VerifiedReceipt,
    VerifyReceipt,
    WholeReceipt,
)
from services.payment.reconciliation.schemas.payouts import RecordedPayout, RecordPayout
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
from services.payment.schemas.settings import PaymentSettings
from services.payment.webhooks.schemas.webhooks import EVENTS as WEBHOOK_EVENTS
from services.payment.webhooks.schemas.webhooks import (
    Deliveries,
    Delivery,
    ListDeliveries,
    ListWebhooks,
    PutWebhook,
    PutWebhookReply,
    RemoveWebhook,
    ResendWebhook,
    Webhook,
    Webhooks,
)

EVENTS = (*ORDER_EVENTS, *RECEIPT_EVENTS, *WEBHOOK_EVENTS)

__all__ = [
    "EVENTS",
    "AccountStatement",
    "AppliedNotification",
    "ApplyChannelNotification",
    "Channels",
    "CloseDay",
    "CloseOrder",
    "ClosedDay",
    "CreateOrder",
    "Deliveries",
    "Delivery",
    "Difference",
    "Differences",
    "Entries",
    "FeeItem",
    "FeeItems",
    "GetAccountStatement",
    "GetOrder",
    "GetReceipt",
    "GetRefund",
    "GetSettlement",
    "GetTrialBalance",
    "ImportStatement",
    "ListChannels",
    "ListDeliveries",
    "ListDifferences",
    "ListEntries",
    "ListFeeItems",
    "ListOrders",
    "ListReceiptRanges",
    "ListReceipts",
    "ListStatements",
    "ListWebhooks",
    "Order",
    "Orders",
    "PaymentSettings",
    "PutFeeItem",
    "PutReceiptRange",
    "PutReceiptRangeReply",
    "PutWebhook",
    "PutWebhookReply",
    "ReceiptRanges",
    "Receipts",
    "Reconcile",
    "Reconciliation",
    "RecordPayout",
    "RecordedPayout",
    "Refund",
    "RefundOrder",
    "RemoveWebhook",
    "ResendWebhook",
    "ResolveDifference",
    "Settlement",
    "StartPayment",
    "StartedPayment",
    "Statement",
    "Statements",
    "TrialBalance",
    "VerifiedReceipt",
    "VerifyReceipt",
    "Webhook",
    "Webhooks",
    "WholeReceipt",
]
