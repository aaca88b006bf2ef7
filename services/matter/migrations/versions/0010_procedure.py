"""The procedure by law: the stage of a case, and when its limits have to be looked at."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared_components.db import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("stage", sa.String(20)))
    op.add_column("cases", sa.Column("look_at", UtcDateTime))
    op.add_column("cases", sa.Column("pending_year", sa.Integer))
    for name, column in (("ix_cases_look", "look_at"), ("ix_cases_pending", "pending_year")):
        set_only = sa.text(f"{column} IS NOT NULL")
        op.create_index(name, "cases", [column], postgresql_where=set_only, sqlite_where=set_only)
