"""Business days of the ledger, webhooks, receipts, late fees and limits."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared_components.db import Json, UtcDateTime, enable_tenant_isolation, make_append_only, revoke_changes

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TENANT_TABLES = (
    "ledger_days", "ledger_closings", "ledger_closing_balances", "webhooks", "webhook_deliveries", "webhook_attempts",
    "receipt_ranges", "receipts",
)


def upgrade() -> None:
    _date_the_entries()
    _ledger_days()
    _webhooks()
    _receipts()
    _fee_rules()
    for table in TENANT_TABLES:
        enable_tenant_isolation(op, table)
    for table in ("ledger_closings", "ledger_closing_balances"):
        make_append_only(op, table)
    revoke_changes(op, "ledger_entries")


def downgrade() -> None:
    raise NotImplementedError("money's history is not dropped; restore a backup instead")


def _date_the_entries() -> None:
    """Every entry gets the day in China on which it was posted; the guard against changes is away for this once."""
    op.add_column(
        "ledger_entries", sa.Column("business_day", sa.Date, nullable=False, server_default="1970-01-01")
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT set_config('zhongtai.tenants', '*', true)")
        op.execute("ALTER TABLE ledger_entries DISABLE TRIGGER USER")
        op.execute("UPDATE ledger_entries SET business_day = (posted_at AT TIME ZONE 'Asia/Shanghai')::date")
        op.execute("ALTER TABLE ledger_entries ENABLE TRIGGER USER")
        op.alter_column("ledger_entries", "business_day", server_default=None)
    else:
        op.execute("DROP TRIGGER append_only_update")
        op.execute("UPDATE ledger_entries SET business_day = date(posted_at, '+8 hours')")
        op.execute(
            "CREATE TRIGGER append_only_update BEFORE UPDATE ON ledger_entries "
            "BEGIN SELECT RAISE(ABORT, 'ledger_entries is append-only; post another entry instead'); END"
        )
    op.create_index("ix_ledger_entries_day", "ledger_entries", ["tenant_id", "business_day", "entry_id"])


def _ledger_days() -> None:
    op.create_table(
        "ledger_days",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("closed_through", sa.Date),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_ledger_days"),
    )
    op.create_table(
        "ledger_closings",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("business_day", sa.Date, nullable=False),
        sa.Column("since", sa.Date),
        sa.Column("closed_at", UtcDateTime, nullable=False),
        sa.Column("closed_by", sa.String(64), nullable=False),
        sa.Column("entries", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "business_day", name="pk_ledger_closings"),
    )
    op.create_table(
        "ledger_closing_balances",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("business_day", sa.Date, nullable=False),
        sa.Column("account", sa.String(96), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("debit_minor", sa.BigInteger, nullable=False),
        sa.Column("credit_minor", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant_id", "business_day", "account", "currency", name="pk_ledger_closing_balances"
        ),
    )


def _webhooks() -> None:
    op.create_table(
        "webhooks",
        sa.Column("webhook_id", sa.String(40), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("app", sa.String(64)),
        sa.Column("url", sa.String(1000), nullable=False),
        sa.Column("events", Json, nullable=False),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("secret_version", sa.Integer, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("last_success_at", UtcDateTime),
        sa.Column("suspended_at", UtcDateTime),
        sa.PrimaryKeyConstraint("webhook_id", name="pk_webhooks"),
    )
    op.create_index("ix_webhooks_tenant", "webhooks", ["tenant_id", "app", "webhook_id"])
    op.create_table(
        "webhook_deliveries",
        sa.Column("delivery_id", sa.String(40), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("webhook_id", sa.String(40), nullable=False),
        sa.Column("event_id", sa.String(64), nullable=False),
        sa.Column("event_type", sa.String(64), nullable=False),
        sa.Column("order_id", sa.String(40), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("next_attempt_at", UtcDateTime, nullable=False),
        sa.Column("begun_at", UtcDateTime, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("delivered_at", UtcDateTime),
        sa.Column("last_status", sa.Integer),
        sa.Column("last_failure", sa.String(40)),
        sa.PrimaryKeyConstraint("delivery_id", name="pk_webhook_deliveries"),
        sa.UniqueConstraint("webhook_id", "event_id", name="uq_webhook_deliveries_webhook_id_event_id"),
    )
    op.create_index("ix_webhook_deliveries_tenant", "webhook_deliveries", ["tenant_id", "delivery_id"])
    op.create_index("ix_webhook_deliveries_created", "webhook_deliveries", ["created_at"])
    pending = sa.text("state = 'pending'")
    op.create_index(
        "ix_webhook_deliveries_due", "webhook_deliveries", ["next_attempt_at"], postgresql_where=pending,
        sqlite_where=pending,
    )
    op.create_table(
        "webhook_attempts",
        sa.Column("delivery_id", sa.String(40), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("failure", sa.String(40)),
        sa.Column("duration_ms", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("delivery_id", "attempt", name="pk_webhook_attempts"),
    )


def _receipts() -> None:
    op.create_table(
        "receipt_ranges",
        sa.Column("range_id", sa.String(40), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("collecting_unit", sa.String(64), nullable=False),
        sa.Column("bill_code", sa.String(8), nullable=False),
        sa.Column("first_number", sa.BigInteger, nullable=False),
        sa.Column("last_number", sa.BigInteger, nullable=False),
        sa.Column("next_number", sa.BigInteger, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("range_id", name="pk_receipt_ranges"),
        sa.CheckConstraint(
            "first_number <= next_number AND next_number <= last_number + 1",
            name="ck_receipt_ranges_next_within_range",
        ),
    )
    op.create_index("ix_receipt_ranges_unit", "receipt_ranges", ["tenant_id", "collecting_unit", "range_id"])
    op.create_table(
        "receipt_blocks",
        sa.Column("bill_code", sa.String(8), nullable=False),
        sa.Column("first_number", sa.BigInteger, nullable=False),
        sa.Column("last_number", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("bill_code", "first_number", name="pk_receipt_blocks"),
    )
    op.execute("INSERT INTO serial_counters (name, next_serial) VALUES ('receipt-blocks', 1)")
    op.create_table(
        "receipts",
        sa.Column("receipt_id", sa.String(40), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("order_id", sa.String(40), nullable=False),
        sa.Column("refund_id", sa.String(40)),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("original_id", sa.String(40)),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("collecting_unit", sa.String(64), nullable=False),
        sa.Column("pay_code", sa.String(20), nullable=False),
        sa.Column("payer_name", sa.LargeBinary, nullable=False),
        sa.Column("lines", Json, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("bill_code", sa.String(8)),
        sa.Column("bill_number", sa.BigInteger),
        sa.Column("check_code", sa.String(8)),
        sa.Column("issued_at", UtcDateTime),
        sa.PrimaryKeyConstraint("receipt_id", name="pk_receipts"),
        sa.UniqueConstraint("tenant_id", "source", name="uq_receipts_tenant_id_source"),
        sa.UniqueConstraint("bill_code", "bill_number", name="uq_receipts_bill_code_bill_number"),
        sa.CheckConstraint("amount_minor > 0", name="ck_receipts_amount_positive"),
        sa.CheckConstraint(
            "(state = 'issued') = (bill_number IS NOT NULL)", name="ck_receipts_issued_with_number"
        ),
        sa.CheckConstraint("(kind = 'red') = (original_id IS NOT NULL)", name="ck_receipts_red_with_original"),
    )
    op.create_index("ix_receipts_tenant", "receipts", ["tenant_id", "receipt_id"])
    op.create_index("ix_receipts_order", "receipts", ["order_id"])
    op.create_index("ix_receipts_original", "receipts", ["original_id"])
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "ix_receipts_waiting", "receipts", ["tenant_id", "collecting_unit", "receipt_id"], postgresql_where=waiting,
        sqlite_where=waiting,
    )


def _fee_rules() -> None:
    """With their checks, which both databases take at a new column and only PostgreSQL at an old table."""
    for table, column in (
        ("fee_items", "late_fee_ppm INTEGER DEFAULT 0 NOT NULL "
                      "CONSTRAINT ck_fee_items_late_fee_rate CHECK (late_fee_ppm BETWEEN 0 AND 1000000)"),
        ("fee_items", "min_quantity INTEGER DEFAULT 1 NOT NULL "
                      "CONSTRAINT ck_fee_items_min_quantity CHECK (min_quantity >= 1)"),
        ("fee_items", "max_quantity INTEGER CONSTRAINT ck_fee_items_max_quantity CHECK (max_quantity >= 1)"),
        ("fee_items", "min_amount_minor BIGINT CONSTRAINT ck_fee_items_min_amount CHECK (min_amount_minor >= 1)"),
        ("fee_items", "max_amount_minor BIGINT CONSTRAINT ck_fee_items_max_amount CHECK (max_amount_minor >= 1)"),
        ("order_lines", "limit_date DATE"),
        ("order_lines", "overdue_days INTEGER DEFAULT 0 NOT NULL "
                        "CONSTRAINT ck_order_lines_overdue CHECK (overdue_days >= 0)"),
    ):
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
