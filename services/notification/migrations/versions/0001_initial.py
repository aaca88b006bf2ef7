"""Templates, messages and the platform's tables."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared_components.db import UtcDateTime, create_platform_tables, enable_tenant_isolation

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_platform_tables(op)
    op.create_table(
        "templates",
        sa.Column("template_id", sa.String(48), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("template_code", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("is_current", sa.Boolean, nullable=False),
        sa.Column("subject", sa.Text),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("template_id", name="pk_templates"),
        sa.UniqueConstraint(
            "tenant_id", "template_code", "channel", "locale", "version",
            name="uq_templates_tenant_id_template_code_channel_locale_version",
        ),
    )
    op.create_table(
        "messages",
        sa.Column("message_id", sa.String(48), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("template_code", sa.String(64), nullable=False),
        sa.Column("template_version", sa.Integer, nullable=False),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("recipient_subject", sa.String(64)),
        sa.Column("address_index", sa.String(64)),
        sa.Column("sealed_address", sa.LargeBinary),
        sa.Column("sealed_content", sa.LargeBinary, nullable=False),
        sa.Column("reference", sa.String(128)),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_attempt_at", UtcDateTime),
        sa.Column("failure_code", sa.String(64)),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("sent_at", UtcDateTime),
        sa.Column("delivered_at", UtcDateTime),
        sa.Column("read_at", UtcDateTime),
        sa.PrimaryKeyConstraint("message_id", name="pk_messages"),
    )
    op.create_index("ix_messages_reference", "messages", ["tenant_id", "reference", "message_id"])
    op.create_index("ix_messages_recipient_subject", "messages", ["tenant_id", "recipient_subject", "message_id"])
    op.create_index("ix_messages_address_index", "messages", ["tenant_id", "address_index"])
    op.create_index("ix_messages_next_attempt_at", "messages", ["next_attempt_at"])
    enable_tenant_isolation(op, "templates")
    enable_tenant_isolation(op, "messages")
