"""Jobs: one template to everybody in a file."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared_components.db import UtcDateTime, enable_tenant_isolation, separate_policies

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_jobs()
    op.create_table(
        "job_problems",
        sa.Column("job_id", sa.String(48), nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("row_number", sa.Integer),
        sa.Column("column_name", sa.String(160)),
        sa.PrimaryKeyConstraint("job_id", "number", name="pk_job_problems"),
    )
    for table in ("jobs", "job_problems"):
        enable_tenant_isolation(op, table)
        separate_policies(op, table)
    op.add_column("messages", sa.Column("job_id", sa.String(48)))
    _index("ix_messages_job", "messages", ["job_id", "state"], "job_id IS NOT NULL")


def _create_jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("job_id", sa.String(48), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("app", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("template_app", sa.String(64), nullable=False),
        sa.Column("template_code", sa.String(64), nullable=False),
        sa.Column("template_version", sa.Integer, nullable=False),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("reference", sa.String(128)),
        sa.Column("hold", sa.Boolean, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("content_id", sa.String(48)),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("ticket_digest", sa.String(64), nullable=False),
        sa.Column("ticket_until", UtcDateTime, nullable=False),
        sa.Column("encoding", sa.String(16)),
        sa.Column("rows", sa.Integer),
        sa.Column("accepted", sa.Integer, nullable=False),
        sa.Column("problem_count", sa.Integer, nullable=False),
        sa.Column("problem_counts", sa.Text, nullable=False),
        sa.Column("taken_until", UtcDateTime, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("checked_at", UtcDateTime),
        sa.Column("finished_at", UtcDateTime),
        sa.PrimaryKeyConstraint("job_id", name="pk_jobs"),
    )
    op.create_index("ix_jobs_tenant", "jobs", ["tenant_id", "app", "job_id"])
    op.create_index("ix_jobs_ticket", "jobs", ["ticket_digest"], unique=True)
    _index("ix_jobs_worked_at", "jobs", ["taken_until"], "content_id IS NOT NULL")


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, postgresql_where=sa.text(where), sqlite_where=sa.text(where))
