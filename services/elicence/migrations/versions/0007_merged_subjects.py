"""The aliases of merged subjects."""
from __future__ import annotations

from alembic import op

from shared_components.db.subject_aliases import create_alias_table

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_alias_table(op)
