"""Channels' fees on statements, and a day row for every tenant that has books: days close by themselves now."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("statements", sa.Column("fees_minor", sa.BigInteger))
    op.add_column("statement_lines", sa.Column("fee_minor", sa.BigInteger))
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT set_config('zhongtai.tenants', '*', true)")
    op.execute(
        "INSERT INTO ledger_days (tenant_id) SELECT DISTINCT tenant_id FROM ledger_balances WHERE true "
        "ON CONFLICT DO NOTHING"
    )


def downgrade() -> None:
    raise NotImplementedError("money's history is not dropped; restore a backup instead")
