"""Reading reaches further than writing: rows that name an acting person, and rows that the app made."""
from __future__ import annotations

from alembic import op

from shared_components.db import separate_policies

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
TENANT_TABLES = ("licence_types", "licence_changes", "presentations")


def upgrade() -> None:
    for table in TENANT_TABLES:
        separate_policies(op, table)
    separate_policies(op, "licences", subjects=["holder_subject"])
    op.create_index("ix_licences_holder_subject", "licences", ["holder_subject", "licence_id"])
