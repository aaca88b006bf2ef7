"""The platform's tables, one row an effect, numbers that are locked while they are taken, and unique keys."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared_components.db import create_platform_tables, enable_tenant_isolation, key_operations_by_person
from shared_components.db.feeds import create_feed_copy_tables, create_feed_tables
from shared_components.evidence_log import create_evidence_tables

revision, down_revision = "0001", None


def upgrade() -> None:
    create_platform_tables(op)
    key_operations_by_person(op)
    create_evidence_tables(op)
    create_feed_tables(op)
    create_feed_copy_tables(op)
    op.create_table(
        "effects",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("key", sa.String(100), nullable=False, index=True),
        sa.Column("aggregate", sa.String(100), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
    )
    op.create_table(
        "counters",
        sa.Column("aggregate", sa.String(100), primary_key=True),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("value", sa.Integer, nullable=False),
    )
    op.create_table(
        "claims", sa.Column("key", sa.String(100), primary_key=True),
        sa.Column("tenant_id", sa.String(64), nullable=False),
    )
    enable_tenant_isolation(op, "claims")
    enable_tenant_isolation(op, "effects")
    enable_tenant_isolation(op, "counters")
