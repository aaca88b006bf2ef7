"""The platform's tables and no others."""
from __future__ import annotations

from alembic import op

from shared_components.db import create_platform_tables, key_operations_by_person

revision, down_revision = "0001", None


def upgrade() -> None:
    create_platform_tables(op)
    key_operations_by_person(op)
