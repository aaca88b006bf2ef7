"""A refund of a statement is known by its trade and its number: numbers need not be unique beyond a trade."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BEFORE = "uq_statement_lines_tenant_id_channel_kind_number_statement_id"
NOW = "uq_statement_lines_known_by"
COLUMNS = ["tenant_id", "channel", "kind", "number", "trade_no", "statement_id"]
LINES, DIFFERENCES = "statement_lines", "reconciliation_differences"


def upgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    if is_postgresql:
        op.execute("SELECT set_config('zhongtai.tenants', '*', true)")
        op.alter_column(DIFFERENCES, "difference_id", type_=sa.String(160), existing_type=sa.String(96))
    for table in (LINES, DIFFERENCES):
        op.add_column(table, sa.Column("trade_no", sa.String(64), nullable=False, server_default=""))
    _exchange_constraint(is_postgresql)
    # Lines of before keep an empty trade: they are compared by their number, as they were. What is known of our own
    # refunds is told by them, so that a difference that a person has settled stays settled.
    op.execute(
        f"UPDATE {DIFFERENCES} SET trade_no = number WHERE kind = 'payment'"  # noqa: S608
    )
    ours = "SELECT trade_no FROM refunds WHERE refunds.refund_id = reconciliation_differences.number"
    op.execute(
        f"UPDATE {DIFFERENCES} SET trade_no = ({ours}), "  # noqa: S608
        f"difference_id = channel || '/refund/' || ({ours}) || '/' || number "
        "WHERE kind = 'refund' AND number IN (SELECT refund_id FROM refunds)"
    )


def downgrade() -> None:
    raise NotImplementedError("money's history is not dropped; restore a backup instead")


def _exchange_constraint(is_postgresql: bool) -> None:
    if is_postgresql:
        op.drop_constraint(BEFORE, LINES, type_="unique")
        op.create_unique_constraint(NOW, LINES, COLUMNS)
        return
    # SQLite changes no constraint of a table: it is written anew, and only what is named here keeps its CHECKs.
    amounts = sa.CheckConstraint("amount_minor > 0", name=op.f("ck_statement_lines_amount_positive"))
    with op.batch_alter_table(LINES, table_args=(amounts,)) as table:
        table.drop_constraint(BEFORE, type_="unique")
        table.create_unique_constraint(NOW, COLUMNS)
