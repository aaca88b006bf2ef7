"""The ports of storage, on SQLAlchemy Core: each method a statement or two, whatever the number of things."""
from services.payment.adapters.repository.books import SqlBooks
from services.payment.adapters.repository.channel_records import SqlChannelEvents, SqlChannelPayments
from services.payment.adapters.repository.differences import SqlDifferences
from services.payment.adapters.repository.fee_items import SqlFeeItems
from services.payment.adapters.repository.ledger import SqlLedger
from services.payment.adapters.repository.orders import SqlOrders
from services.payment.adapters.repository.receipts import SqlReceipts
from services.payment.adapters.repository.refunds import SqlRefunds
from services.payment.adapters.repository.statement_imports import SqlStatements
from services.payment.adapters.repository.webhooks import SqlDeliveries, SqlWebhooks

__all__ = [
    "SqlBooks", "SqlChannelEvents", "SqlChannelPayments", "SqlDeliveries", "SqlDifferences", "SqlFeeItems", "SqlLedger",
    "SqlOrders", "SqlReceipts", "SqlRefunds", "SqlStatements", "SqlWebhooks",
]
