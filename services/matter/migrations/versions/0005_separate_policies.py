"""Reading reaches further than writing: rows that name an acting person, and rows that the app made."""
from __future__ import annotations

from alembic import op

from shared_components.db import separate_policies

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
TENANT_TABLES = ("definitions", "steps", "timeline", "callbacks")


def upgrade() -> None:
    for table in TENANT_TABLES:
        separate_policies(op, table)
    separate_policies(op, "cases", subjects=["applicant_subject"], maker="app")
