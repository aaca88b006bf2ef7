"""Tables of the evidence log, for the audit of the directory."""
from __future__ import annotations

from alembic import op

from shared_components.evidence_log import create_evidence_tables

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_evidence_tables(op)
