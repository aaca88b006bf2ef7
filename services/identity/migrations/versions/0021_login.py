"""Tables of the login: logins on their way, and the sessions of browsers."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared_components.db import UtcDateTime, enable_tenant_isolation, separate_policies

revision = "0021"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "login_interactions",
        sa.Column("interaction_id", sa.String(64), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("realm_id", sa.String(64), nullable=False),
        sa.Column("browser_hash", sa.String(64), nullable=False),
        sa.Column("request_id", sa.String(64)),
        sa.Column("step", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("interaction_id", name="pk_login_interactions"),
        sa.CheckConstraint("state IN ('open', 'done', 'refused')", name="ck_login_interactions_state_known"),
    )
    op.create_index("ix_login_interactions_browser_hash", "login_interactions", ["browser_hash"])
    op.create_index("ix_login_interactions_expires_at", "login_interactions", ["expires_at"])
    op.create_index("uq_login_interactions_request_id", "login_interactions", ["request_id"], unique=True)
    op.create_table(
        "login_browsers",
        sa.Column("browser_hash", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("browser_hash", "kind", name="pk_login_browsers"),
    )
    op.create_index("ix_login_browsers_session_id", "login_browsers", ["session_id"])
    op.create_index("ix_login_browsers_expires_at", "login_browsers", ["expires_at"])
    for table in ("login_interactions", "login_browsers"):
        enable_tenant_isolation(op, table)
        separate_policies(op, table)
