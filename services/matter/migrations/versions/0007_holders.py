"""Rows of other departments for their holder, the log of their use, and the aliases of merged subjects."""
from __future__ import annotations

from alembic import op

from shared_components.db import let_holders_read
from shared_components.db.subject_aliases import create_alias_table
from shared_components.evidence_log import create_evidence_tables

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_evidence_tables(op)
    create_alias_table(op)
    op.create_index("ix_cases_holder", "cases", ["applicant_subject", "case_id"])
    for table in ("steps", "timeline"):
        let_holders_read(op, table, parent="cases", key="case_id", subject="applicant_subject")
