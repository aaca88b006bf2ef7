"""The ports of storage, on SQLAlchemy Core: each method a statement or two, whatever the number of things."""
from services.payment.adapters.sql.differences import SqlDifferences
from services.payment.adapters.sql.statement_imports import SqlStatements
from services.payment.fees.adapters.sql import SqlFeeItems
from services.payment.ledger.adapters.sql.books import SqlBooks
from services.payment.ledger.adapters.sql.ledger import SqlLedger
from services.payment.orders.adapters.sql.channel_records import SqlChannelEvents, SqlChannelPayments
from services.payment.orders.adapters.sql.orders import SqlOrders
from services.payment.orders.adapters.sql.refunds import SqlRefunds
from services.payment.receipts.adapters.sql import SqlReceipts
from services.payment.webhooks.adapters.sql import SqlDeliveries, SqlWebhooks

__all__ = [
    "SqlBooks", "SqlChannelEvents", "SqlChannelPayments", "SqlDeliveries", "SqlDifferences", "SqlFeeItems", "SqlLedger",
    "SqlOrders", "SqlReceipts", "SqlRefunds", "SqlStatements", "SqlWebhooks",
]
