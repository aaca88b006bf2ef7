"""Channels' statements, their lines, and what differs from our own records."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared_components.db import Json, UtcDateTime, enable_tenant_isolation

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TENANT_TABLES = ("statements", "statement_lines", "reconciliation_differences")


def upgrade() -> None:
    _statements()
    _statement_lines()
    _differences()
    op.create_index("ix_channel_payments_received", "channel_payments", ["tenant_id", "channel", "received_at"])
    _partial_index("ix_refunds_completed", "refunds", ["tenant_id", "channel", "completed_at"],
                   "completed_at IS NOT NULL")
    for table in TENANT_TABLES:
        enable_tenant_isolation(op, table)


def downgrade() -> None:
    raise NotImplementedError("money's history is not dropped; restore a backup instead")


def _statements() -> None:
    op.create_table(
        "statements",
        sa.Column("statement_id", sa.String(40), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("format", sa.String(20), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("imported_at", UtcDateTime, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("line_count", sa.Integer, nullable=False),
        sa.Column("last_line_no", sa.Integer, nullable=False),
        sa.Column("payment_count", sa.Integer, nullable=False),
        sa.Column("payments_minor", sa.BigInteger, nullable=False),
        sa.Column("refund_count", sa.Integer, nullable=False),
        sa.Column("refunds_minor", sa.BigInteger, nullable=False),
        sa.Column("failure", Json),
        sa.Column("reconciled_at", UtcDateTime),
        sa.Column("summary", Json, nullable=False),
        sa.PrimaryKeyConstraint("statement_id", name="pk_statements"),
        sa.CheckConstraint(
            "state IN ('importing', 'complete', 'failed', 'superseded')", name="ck_statements_state_known"
        ),
    )
    _partial_index("ix_statements_complete", "statements", ["tenant_id", "channel", "day"], "state = 'complete'",
                   unique=True)
    op.create_index("ix_statements_day", "statements", ["tenant_id", "day", "channel"])


def _statement_lines() -> None:
    op.create_table(
        "statement_lines",
        sa.Column("statement_id", sa.String(40), nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("number", sa.String(64), nullable=False),
        sa.Column("order_id", sa.String(64), nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("occurred_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("statement_id", "line_no", name="pk_statement_lines"),
        sa.UniqueConstraint(
            "tenant_id", "channel", "kind", "number", "statement_id",
            name="uq_statement_lines_tenant_id_channel_kind_number_statement_id",
        ),
        sa.CheckConstraint("amount_minor > 0", name="ck_statement_lines_amount_positive"),
    )


def _differences() -> None:
    name = "reconciliation_differences"
    op.create_table(
        name,
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("difference_id", sa.String(96), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("number", sa.String(64), nullable=False),
        sa.Column("class", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("found_at", UtcDateTime, nullable=False),
        sa.Column("order_id", sa.String(64)),
        sa.Column("statement_id", sa.String(40)),
        sa.Column("line_no", sa.Integer),
        sa.Column("there_minor", sa.BigInteger),
        sa.Column("there_currency", sa.String(3)),
        sa.Column("there_status", sa.String(12)),
        sa.Column("here_minor", sa.BigInteger),
        sa.Column("here_currency", sa.String(3)),
        sa.Column("here_status", sa.String(20)),
        sa.Column("order_state", sa.String(20)),
        sa.Column("order_minor", sa.BigInteger),
        sa.Column("ledger_minor", sa.BigInteger),
        sa.Column("asked_at", UtcDateTime),
        sa.Column("resolved_at", UtcDateTime),
        sa.Column("resolved_by", sa.String(64)),
        sa.Column("note", sa.String(500)),
        sa.PrimaryKeyConstraint("tenant_id", "difference_id", name=f"pk_{name}"),
        sa.CheckConstraint("state IN ('open', 'resolved')", name=f"ck_{name}_state_known"),
        sa.CheckConstraint(
            "class IN ('missing_here', 'missing_there', 'amount_differs', 'status_differs')",
            name=f"ck_{name}_class_known",
        ),
    )
    op.create_index(f"ix_{name}_day", name, ["tenant_id", "day", "difference_id"])
    op.create_index(f"ix_{name}_line", name, ["statement_id", "line_no"])
    _partial_index(f"ix_{name}_open", name, ["tenant_id", "channel", "class", "day"], "state = 'open'")


def _partial_index(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    op.create_index(
        name, table, columns, unique=unique, postgresql_where=sa.text(where), sqlite_where=sa.text(where)
    )
