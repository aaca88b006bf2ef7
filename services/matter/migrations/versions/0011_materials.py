"""Files that applicants give, and tickets to upload and download them."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared_components.db import UtcDateTime, enable_tenant_isolation, let_holders_read, separate_policies

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ENDED = sa.text("state <> 'given'")


def upgrade() -> None:
    op.create_table(
        "materials",
        sa.Column("material_id", sa.String(40), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("case_id", sa.String(40), nullable=False),
        sa.Column("content_id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64)),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("given_at", UtcDateTime),
        sa.PrimaryKeyConstraint("material_id", name="pk_materials"),
    )
    op.create_index("ix_materials_case", "materials", ["case_id", "material_id"])
    op.create_index("ix_materials_content", "materials", ["content_id"])
    op.create_index("ix_materials_ended", "materials", ["created_at"], postgresql_where=ENDED, sqlite_where=ENDED)
    op.create_table(
        "material_tickets",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("material_id", sa.String(40), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("until", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_material_tickets"),
    )
    op.create_index("ix_material_tickets_until", "material_tickets", ["until"])
    for table in ("materials", "material_tickets"):
        enable_tenant_isolation(op, table)
        separate_policies(op, table)
    let_holders_read(op, "materials", parent="cases", key="case_id", subject="applicant_subject")
