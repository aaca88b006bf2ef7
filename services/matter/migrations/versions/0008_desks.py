"""Steps that officers do: whose inbox has them, and who has taken them."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ON_DESK = sa.text("desk IS NOT NULL AND state = 'waiting'")


def upgrade() -> None:
    op.add_column("steps", sa.Column("desk", sa.String(20)))
    op.add_column("steps", sa.Column("claimed_by", sa.String(64)))
    op.create_index(
        "ix_steps_desk", "steps", ["tenant_id", "desk", "step_id"], postgresql_where=ON_DESK, sqlite_where=ON_DESK)
