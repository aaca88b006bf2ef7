"""How staff handle a case: what the applicant is asked to supplement, and whether the case is paused."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("handling", sa.LargeBinary))
