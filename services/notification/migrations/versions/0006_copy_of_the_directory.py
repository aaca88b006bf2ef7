"""The copy of the directory, by which calls of persons are decided."""
from __future__ import annotations

from alembic import op

from shared_components.db.feeds import create_feed_copy_tables

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_feed_copy_tables(op)
