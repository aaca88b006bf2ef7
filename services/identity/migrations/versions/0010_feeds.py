"""The feed of the directory, and the copy by which identity itself decides."""
from __future__ import annotations

from alembic import op

from shared_components.db.feeds import create_feed_copy_tables, create_feed_tables

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_feed_tables(op)
    create_feed_copy_tables(op)
