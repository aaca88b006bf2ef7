"""Codes that any department verifies: who shows one is seen by it, each is used once, and a use is recorded."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared_components.db import UtcDateTime
from shared_components.evidence_log import create_evidence_tables

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_evidence_tables(op)
    op.create_table(
        "presentation_uses",
        sa.Column("presentation_id", sa.String(64), nullable=False),
        sa.Column("used_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("presentation_id", name="pk_presentation_uses"),
    )
    op.create_index("ix_presentation_uses_used_at", "presentation_uses", ["used_at"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"CREATE POLICY shown_codes ON presentations FOR SELECT USING ({_is_named('selector', 'codes')})")
        op.execute(f"CREATE POLICY shown_licences ON licences FOR SELECT USING ({_is_named('licence_id', 'shown')})")


def _is_named(column: str, setting: str) -> str:
    return f"{column} = ANY ((SELECT string_to_array(current_setting('zhongtai.{setting}', true), ','))::text[])"
