"""Room for signed payment addresses: Alipay's are longer than 1000 characters."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":  # SQLite keeps no lengths
        op.alter_column("orders", "pay_url", type_=sa.String(4000), existing_type=sa.String(1000))


def downgrade() -> None:
    raise NotImplementedError("addresses that are in use are not cut short; restore a backup instead")
