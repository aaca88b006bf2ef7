"""Operations of apps over HTTP belong to the apps."""
from __future__ import annotations

from alembic import op

from shared_components.db import split_operations_of_apps

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    split_operations_of_apps(op)
