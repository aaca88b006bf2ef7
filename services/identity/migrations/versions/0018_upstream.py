"""Sign-ins at other identity providers, and links of accounts with persons there."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared_components.db import UtcDateTime, enable_tenant_isolation, separate_policies

revision = "0018"
down_revision = "0015"
branch_labels = None
depends_on = None

_TENANTS = "((SELECT string_to_array(current_setting('zhongtai.tenants', true), ','))::text[])"
_POPULATIONS = (
    "SELECT CASE t.environment WHEN 'sandbox' THEN r.sandbox_tenant ELSE r.tenant_id END FROM realm_tenants t "  # noqa: S608 -- no value comes in
    f"JOIN realms r ON r.tenant_id = t.realm_id WHERE t.tenant = ANY {_TENANTS}")


def upgrade() -> None:
    op.create_table(
        "upstream_sign_ins",
        sa.Column("state_key", sa.String(64), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("provider", sa.String(32), nullable=False),
        sa.Column("binding", sa.String(64), nullable=False),
        sa.Column("secrets", sa.LargeBinary, nullable=False),
        sa.Column("subject_id", sa.String(64)),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("state_key", name="pk_upstream_sign_ins"),
    )
    op.create_index("ix_upstream_sign_ins_expires_at", "upstream_sign_ins", ["expires_at"])
    op.create_table(
        "upstream_links",
        sa.Column("link_id", sa.String(64), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("provider", sa.String(32), nullable=False),
        sa.Column("upstream_key", sa.String(64), nullable=False),
        sa.Column("subject_id", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("last_used_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("link_id", name="pk_upstream_links"),
        sa.UniqueConstraint("tenant_id", "upstream_key", name="uq_upstream_links_tenant_id_upstream_key"),
    )
    op.create_index("ix_upstream_links_subject_id", "upstream_links", ["subject_id"])
    for table in ("upstream_sign_ins", "upstream_links"):
        enable_tenant_isolation(op, table)
    separate_policies(op, "upstream_sign_ins")
    separate_policies(op, "upstream_links", subjects=("subject_id",))
    _let_realms_see_their_population()


def _let_realms_see_their_population() -> None:
    """PostgreSQL: a transaction of any tenant of a realm works on the sign-ins and links of the realm's population."""
    if op.get_bind().dialect.name != "postgresql":
        return
    rule = f"tenant_id IN ({_POPULATIONS})"
    for table in ("upstream_sign_ins", "upstream_links"):
        op.execute(f"CREATE POLICY population_of_realm ON {table} USING ({rule}) WITH CHECK ({rule})")
