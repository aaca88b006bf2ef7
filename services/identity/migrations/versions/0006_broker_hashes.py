"""Hashes of app keys as RabbitMQ checks them, so that a key is the app's password on the broker too."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("app_keys", sa.Column("broker_hash", sa.String(64)))
