"""Rows of other departments for their holder, the log of their use, and the aliases of merged subjects."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared_components.db import let_holders_read
from shared_components.db.subject_aliases import create_alias_table
from shared_components.evidence_log import create_evidence_tables

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None
HAS_SUBJECT = sa.text("payer_subject IS NOT NULL")


def upgrade() -> None:
    create_evidence_tables(op)
    create_alias_table(op)
    op.create_index(
        "ix_orders_holder", "orders", ["payer_subject", "order_id"],
        postgresql_where=HAS_SUBJECT, sqlite_where=HAS_SUBJECT)
    for table in ("order_lines", "refunds", "receipts"):
        let_holders_read(op, table, parent="orders", key="order_id", subject="payer_subject")
