"""Keys of the Notify API."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared_components.db import UtcDateTime, enable_tenant_isolation, separate_policies

revision = "0009"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notify_api_keys",
        sa.Column("key_id", sa.String(48), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("app", sa.String(64), nullable=False),
        sa.Column("service_id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("revoked_at", UtcDateTime),
        sa.PrimaryKeyConstraint("key_id", name="pk_notify_api_keys"),
    )
    op.create_index("ix_notify_api_keys_service", "notify_api_keys", ["service_id"])
    op.create_index("ix_notify_api_keys_tenant", "notify_api_keys", ["tenant_id", "app", "key_id"])
    enable_tenant_isolation(op, "notify_api_keys")
    separate_policies(op, "notify_api_keys")
