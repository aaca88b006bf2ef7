"""The platform's tables, and one that counts effects."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared_components.db import create_platform_tables, enable_tenant_isolation, key_operations_by_person

revision, down_revision = "0001", None


def upgrade() -> None:
    create_platform_tables(op)
    key_operations_by_person(op)
    op.create_table(
        "effects",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
    )
    enable_tenant_isolation(op, "effects")
