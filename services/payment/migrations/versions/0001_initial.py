"""Fee items, orders, refunds, channel records and the ledger."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared_components.db import Json, UtcDateTime, create_platform_tables, enable_tenant_isolation

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TENANT_TABLES = (
    "fee_items", "orders", "order_lines", "refunds", "channel_payments", "channel_events",
    "ledger_entries", "ledger_balances",
)


def upgrade() -> None:
    create_platform_tables(op)
    _fee_items()
    _orders()
    _order_lines()
    _refunds()
    _channel_records()
    _ledger()
    _serial_counters()
    for table in TENANT_TABLES:
        enable_tenant_isolation(op, table)
    _make_append_only("ledger_entries")


def downgrade() -> None:
    raise NotImplementedError("money's history is not dropped; restore a backup instead")


def _fee_items() -> None:
    op.create_table(
        "fee_items",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("item_code", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("collecting_unit", sa.String(64), nullable=False),
        sa.Column("unit", sa.String(20), nullable=False),
        sa.Column("price_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("division", sa.String(6), nullable=False),
        sa.Column("valid_from", UtcDateTime, nullable=False),
        sa.Column("valid_until", UtcDateTime),
        sa.PrimaryKeyConstraint("tenant_id", "item_code", "version", name="pk_fee_items"),
        sa.CheckConstraint("price_minor > 0", name="ck_fee_items_price_positive"),
        sa.CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="ck_fee_items_period_forward"),
    )


def _orders() -> None:
    op.create_table(
        "orders",
        sa.Column("order_id", sa.String(40), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("app", sa.String(64), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("pay_code", sa.String(20), nullable=False),
        sa.Column("collecting_unit", sa.String(64), nullable=False),
        sa.Column("division", sa.String(6), nullable=False),
        sa.Column("payer_subject", sa.String(64)),
        sa.Column("payer_name", sa.LargeBinary, nullable=False),
        sa.Column("reference", sa.String(128)),
        sa.Column("return_url", sa.String(1000)),
        sa.Column("metadata", Json, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("paid_at", UtcDateTime),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("paid_minor", sa.BigInteger, nullable=False),
        sa.Column("refunded_minor", sa.BigInteger, nullable=False),
        sa.Column("refund_pending_minor", sa.BigInteger, nullable=False),
        sa.Column("channel", sa.String(20)),
        sa.Column("pay_url", sa.String(1000)),
        sa.Column("query_at", UtcDateTime),
        sa.Column("query_attempts", sa.Integer, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("order_id", name="pk_orders"),
        sa.UniqueConstraint("pay_code", name="uq_orders_pay_code"),
        sa.CheckConstraint("amount_minor > 0", name="ck_orders_amount_positive"),
        sa.CheckConstraint("paid_minor = 0 OR paid_minor = amount_minor", name="ck_orders_paid_in_full"),
        sa.CheckConstraint("refunded_minor >= 0 AND refund_pending_minor >= 0", name="ck_orders_refunds_not_negative"),
        sa.CheckConstraint(
            "refunded_minor + refund_pending_minor <= paid_minor", name="ck_orders_refunds_within_paid"
        ),
    )
    op.create_index("ix_orders_tenant", "orders", ["tenant_id", "order_id"])
    _partial_index("ix_orders_reference", "orders", ["tenant_id", "reference", "order_id"], "reference IS NOT NULL")
    _partial_index(
        "ix_orders_payer_subject", "orders", ["tenant_id", "payer_subject", "order_id"], "payer_subject IS NOT NULL"
    )
    _partial_index("ix_orders_open", "orders", ["expires_at"], "state IN ('created', 'pending')")
    _partial_index("ix_orders_unanswered", "orders", ["query_at"], "query_at IS NOT NULL")


def _order_lines() -> None:
    op.create_table(
        "order_lines",
        sa.Column("order_id", sa.String(40), nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("item_code", sa.String(64), nullable=False),
        sa.Column("item_version", sa.Integer, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("unit", sa.String(20), nullable=False),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.Column("price_minor", sa.BigInteger, nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("order_id", "line_no", name="pk_order_lines"),
        sa.CheckConstraint("quantity > 0", name="ck_order_lines_quantity_positive"),
        sa.CheckConstraint("amount_minor = price_minor * quantity", name="ck_order_lines_amount_is_product"),
    )


def _refunds() -> None:
    op.create_table(
        "refunds",
        sa.Column("refund_id", sa.String(40), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("order_id", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("trade_no", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("next_attempt_at", UtcDateTime, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("completed_at", UtcDateTime),
        sa.Column("failure", sa.String(200)),
        sa.PrimaryKeyConstraint("refund_id", name="pk_refunds"),
        sa.CheckConstraint("amount_minor > 0", name="ck_refunds_amount_positive"),
        sa.CheckConstraint("kind IN ('order', 'suspense')", name="ck_refunds_kind_known"),
    )
    op.create_index("ix_refunds_order", "refunds", ["order_id"])
    _partial_index("ix_refunds_open", "refunds", ["next_attempt_at"], "state IN ('requested', 'submitted')")


def _channel_records() -> None:
    op.create_table(
        "channel_payments",
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("trade_no", sa.String(64), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("order_id", sa.String(40), nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("disposition", sa.String(20), nullable=False),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("channel", "trade_no", name="pk_channel_payments"),
        sa.CheckConstraint("amount_minor > 0", name="ck_channel_payments_amount_positive"),
        sa.CheckConstraint("disposition IN ('settled', 'suspense')", name="ck_channel_payments_disposition_known"),
    )
    op.create_index("ix_channel_payments_order", "channel_payments", ["order_id"])
    op.create_table(
        "channel_events",
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("event_id", sa.String(160), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("order_id", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("channel", "event_id", name="pk_channel_events"),
    )
    op.create_index("ix_channel_events_order", "channel_events", ["order_id"])


def _ledger() -> None:
    op.create_table(
        "ledger_entries",
        sa.Column("entry_id", sa.String(40), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("source", sa.String(128), nullable=False),
        sa.Column("debit_account", sa.String(96), nullable=False),
        sa.Column("credit_account", sa.String(96), nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("order_id", sa.String(40), nullable=False),
        sa.Column("refund_id", sa.String(40)),
        sa.Column("posted_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name="pk_ledger_entries"),
        sa.UniqueConstraint("tenant_id", "source", name="uq_ledger_entries_tenant_id_source"),
        sa.CheckConstraint("amount_minor > 0", name="ck_ledger_entries_amount_positive"),
        sa.CheckConstraint("debit_account <> credit_account", name="ck_ledger_entries_two_accounts"),
    )
    op.create_index("ix_ledger_entries_tenant", "ledger_entries", ["tenant_id", "currency", "entry_id"])
    op.create_index("ix_ledger_entries_debit", "ledger_entries", ["tenant_id", "debit_account", "entry_id"])
    op.create_index("ix_ledger_entries_credit", "ledger_entries", ["tenant_id", "credit_account", "entry_id"])
    op.create_index("ix_ledger_entries_order", "ledger_entries", ["order_id"])
    op.create_table(
        "ledger_balances",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("account", sa.String(96), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("debit_minor", sa.BigInteger, nullable=False),
        sa.Column("credit_minor", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "account", "currency", name="pk_ledger_balances"),
        sa.CheckConstraint("debit_minor >= 0 AND credit_minor >= 0", name="ck_ledger_balances_sums_not_negative"),
    )


def _serial_counters() -> None:
    counters = op.create_table(
        "serial_counters",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("next_serial", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_serial_counters"),
    )
    op.bulk_insert(counters, [{"name": "pay-code", "next_serial": 1}])


def _make_append_only(table: str) -> None:
    """Triggers, not privileges: they hold the table's owner too."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION refuse_change_of_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN RAISE EXCEPTION '{table} is append-only; post another entry instead' "
            "USING ERRCODE = 'restrict_violation'; END $$"
        )
        for what, each in (("UPDATE OR DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
            op.execute(
                f"CREATE TRIGGER append_only_{each.lower()} BEFORE {what} ON {table} "
                f"FOR EACH {each} EXECUTE FUNCTION refuse_change_of_{table}()"
            )
        return
    for what in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER append_only_{what.lower()} BEFORE {what} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only; post another entry instead'); END"
        )


def _partial_index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, postgresql_where=sa.text(where), sqlite_where=sa.text(where))
