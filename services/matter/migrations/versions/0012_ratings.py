"""Ratings of cases."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared_components.db import Json, UtcDateTime, enable_tenant_isolation, separate_policies

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ratings",
        sa.Column("rating_id", sa.String(40), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("case_id", sa.String(40), nullable=False),
        sa.Column("matter_code", sa.String(40), nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("scores", Json, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("counts", sa.Boolean, nullable=False),
        sa.Column("rated_at", UtcDateTime, nullable=False),
        sa.Column("due_at", UtcDateTime),
        sa.Column("answered_at", UtcDateTime),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("rating_id", name="pk_ratings"),
        sa.UniqueConstraint("case_id", name="uq_ratings_case"),
    )
    op.create_index("ix_ratings_tenant", "ratings", ["tenant_id", "state", "rating_id"])
    enable_tenant_isolation(op, "ratings")
    separate_policies(op, "ratings")
