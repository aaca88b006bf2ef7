"""Reading reaches further than writing: rows that name an acting person, and rows that the app made."""
from __future__ import annotations

from alembic import op

from shared_components.db import separate_policies

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None
TENANT_TABLES = (
    "fee_items", "order_lines", "refunds", "channel_payments", "channel_events", "ledger_entries", "ledger_balances",
    "statements", "statement_lines", "reconciliation_differences", "ledger_days", "ledger_closings",
    "ledger_closing_balances", "webhooks", "webhook_deliveries", "webhook_attempts", "receipt_ranges", "receipts",
    "receipt_guesses",
)


def upgrade() -> None:
    for table in TENANT_TABLES:
        separate_policies(op, table)
    separate_policies(op, "orders", subjects=["payer_subject"], maker="app")
