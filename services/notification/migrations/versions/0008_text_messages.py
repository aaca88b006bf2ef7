"""Text messages: classes, carriers, approval of templates and their filings."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared_components.db import UtcDateTime, enable_tenant_isolation, separate_policies

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _widen_messages()
    _widen_templates()
    _create_filings()


def _widen_messages() -> None:
    op.add_column("messages", sa.Column("message_class", sa.String(8), nullable=False, server_default="normal"))
    op.add_column("messages", sa.Column("carrier", sa.String(32)))
    op.add_column("messages", sa.Column("carrier_reference", sa.String(64)))
    op.add_column("messages", sa.Column("parts", sa.Integer))
    op.create_index("ix_messages_due", "messages", ["message_class", "next_attempt_at"])
    op.create_index("ix_messages_carrier_reference", "messages", ["carrier_reference"])
    op.drop_index("ix_messages_next_attempt_at", "messages")


def _widen_templates() -> None:
    op.add_column("templates", sa.Column("purpose", sa.String(16), nullable=False, server_default="notice"))
    op.add_column("templates", sa.Column("written_by", sa.String(64), nullable=False, server_default=""))
    op.add_column("templates", sa.Column("approved_by", sa.String(64)))
    op.add_column("templates", sa.Column("approved_at", UtcDateTime))
    op.add_column("templates", sa.Column("in_force", sa.Boolean, nullable=False, server_default=sa.false()))
    # They were in use before there was an approval, and stay in use.
    op.execute(
        "UPDATE templates SET approved_by = 'before-approval', approved_at = created_at, in_force = is_current")


def _create_filings() -> None:
    op.create_table(
        "template_filings",
        sa.Column("filing_id", sa.String(48), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("app", sa.String(64), nullable=False),
        sa.Column("template_code", sa.String(64), nullable=False),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("provider", sa.String(32), nullable=False),
        sa.Column("provider_template_id", sa.String(64), nullable=False),
        sa.Column("signature", sa.String(20), nullable=False),
        sa.Column("parameters", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("filing_id", name="pk_template_filings"),
        sa.UniqueConstraint(
            "tenant_id", "app", "template_code", "locale", "version", "provider",
            name="uq_template_filings_version"),
    )
    enable_tenant_isolation(op, "template_filings")
    separate_policies(op, "template_filings")
