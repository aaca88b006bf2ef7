"""Operations belong to the person in whose session they are done."""
from __future__ import annotations

from alembic import op

from shared_components.db import key_operations_by_person

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key_operations_by_person(op)
