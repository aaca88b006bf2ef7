"""The subjects that identity has registered; those who have read a message are known to exist."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared_components.db import enable_tenant_isolation

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recipients",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("subject_id", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "subject_id", name="pk_recipients"),
    )
    op.execute(
        "INSERT INTO recipients (tenant_id, subject_id) SELECT DISTINCT tenant_id, recipient_subject FROM messages "
        "WHERE recipient_subject IS NOT NULL AND read_at IS NOT NULL")
    enable_tenant_isolation(op, "recipients")
