"""A case belongs to the app that started it; who started the older ones is not known."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared_components.db import split_operations_of_apps

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    split_operations_of_apps(op)
    # As the caller of all apps over HTTP was: every app of the tenant goes on to see them.
    op.add_column("cases", sa.Column("app", sa.String(64), nullable=False, server_default="gateway"))
