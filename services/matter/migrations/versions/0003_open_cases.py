"""Definitions keep the order in which they were written; of open cases there may be so many and no more.

Of definitions published before, PostgreSQL has forgotten the order. Publishing the same file again makes a new version.
"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

OPEN = sa.text("open_slot IS NOT NULL")
NUMBER_OPEN_CASES = """
    UPDATE cases SET open_slot = (
        SELECT count(*) FROM cases AS earlier
        WHERE earlier.tenant_id = cases.tenant_id AND earlier.matter_code = cases.matter_code
          AND earlier.applicant_subject = cases.applicant_subject AND earlier.case_id <= cases.case_id
          AND earlier.state IN ('running', 'compensating')
    ) WHERE state IN ('running', 'compensating')
"""


def upgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    if is_postgresql:
        op.execute("SELECT set_config('zhongtai.tenants', '*', true)")
        op.execute("ALTER TABLE definitions ALTER COLUMN data TYPE json USING data::json")
    op.add_column("cases", sa.Column("object_key", sa.String(64), nullable=False, server_default=""))
    op.add_column("cases", sa.Column("open_slot", sa.Integer))
    op.execute(NUMBER_OPEN_CASES)
    op.create_index(
        "uq_cases_open", "cases", ["tenant_id", "matter_code", "applicant_subject", "object_key", "open_slot"],
        unique=True, postgresql_where=OPEN, sqlite_where=OPEN,
    )
