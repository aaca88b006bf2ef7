"""Documents that departments issue in cases, and the counters of their numbers."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared_components.db import UtcDateTime, enable_tenant_isolation, let_holders_read, separate_policies

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

UNNUMBERED = sa.text("number IS NULL")


def upgrade() -> None:
    op.create_table(
        "documents",
        sa.Column("document_id", sa.String(40), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("case_id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("step", sa.String(40)),
        sa.Column("mark", sa.String(20), nullable=False),
        sa.Column("department_code", sa.String(18), nullable=False),
        sa.Column("issued_on", sa.Date, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("content_id", sa.String(40)),
        sa.Column("size", sa.Integer),
        sa.Column("sha256", sa.String(64)),
        sa.Column("stamped", sa.Boolean, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("document_id", name="pk_documents"),
        sa.UniqueConstraint("case_id", "name", name="uq_documents_case"),
        sa.UniqueConstraint("tenant_id", "department_code", "year", "number", name="uq_documents_number"),
    )
    op.create_index(
        "ix_documents_unnumbered", "documents", ["document_id"], postgresql_where=UNNUMBERED, sqlite_where=UNNUMBERED)
    op.create_table(
        "document_counters",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("department_code", sa.String(18), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("last_number", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "department_code", "year", name="pk_document_counters"),
    )
    for table in ("documents", "document_counters"):
        enable_tenant_isolation(op, table)
        separate_policies(op, table)
    let_holders_read(op, "documents", parent="cases", key="case_id", subject="applicant_subject")
