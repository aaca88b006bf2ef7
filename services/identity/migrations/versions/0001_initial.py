"""The first tables of identity."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared_components.db import Json, UtcDateTime, create_platform_tables, enable_tenant_isolation

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_platform_tables(op)
    _create_subjects()
    _create_evidence()
    _create_changes()
    for table in ("subjects", "subject_documents", "evidence", "subject_changes"):
        enable_tenant_isolation(op, table)


def _create_subjects() -> None:
    op.create_table(
        "subjects",
        sa.Column("subject_id", sa.String(64), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("standing", Json, nullable=False),
        sa.Column("primary_id_type", sa.String(8), nullable=False),
        sa.Column("name", sa.LargeBinary, nullable=False),
        sa.Column("mobile", sa.LargeBinary),
        sa.Column("email", sa.LargeBinary),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("subject_id", name="pk_subjects"),
        sa.CheckConstraint("state IN ('active', 'frozen', 'closed')", name="ck_subjects_state_known"),
        sa.CheckConstraint("revision > 0", name="ck_subjects_revision_positive"),
    )
    op.create_table(
        "subject_documents",
        sa.Column("subject_id", sa.String(64), nullable=False),
        sa.Column("id_type", sa.String(8), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("number", sa.LargeBinary, nullable=False),
        sa.Column("number_index", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", "id_type", name="pk_subject_documents"),
        sa.UniqueConstraint(
            "tenant_id", "id_type", "number_index", name="uq_subject_documents_tenant_id_id_type_number_index"
        ),
    )


def _create_evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("subject_id", sa.String(64), nullable=False),
        sa.Column("evidence_id", sa.String(64), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("authority", sa.String(64), nullable=False),
        sa.Column("receipt", sa.String(128), nullable=False),
        sa.Column("obtained_at", UtcDateTime, nullable=False),
        sa.Column("ends_at", UtcDateTime),
        sa.Column("brought_by", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", "evidence_id", name="pk_evidence"),
        sa.UniqueConstraint("subject_id", "authority", "receipt", name="uq_evidence_subject_id_authority_receipt"),
    )


def _create_changes() -> None:
    op.create_table(
        "subject_changes",
        sa.Column("subject_id", sa.String(64), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("what", sa.String(64), nullable=False),
        sa.Column("facts", Json, nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("subject_id", "revision", name="pk_subject_changes"),
    )
