"""Mandates (授权经办) and their history. Rows belong to the population of principal and agent."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared_components.db import Json, UtcDateTime, enable_tenant_isolation, make_append_only, separate_policies

revision = "0017"
down_revision = "0013"
branch_labels = None
depends_on = None

_TENANTS = "((SELECT string_to_array(current_setting('zhongtai.tenants', true), ','))::text[])"
_POPULATIONS = (
    "SELECT CASE t.environment WHEN 'sandbox' THEN r.sandbox_tenant ELSE r.tenant_id END FROM realm_tenants t "  # noqa: S608 -- no value comes in
    f"JOIN realms r ON r.tenant_id = t.realm_id WHERE t.tenant = ANY {_TENANTS}")


def upgrade() -> None:
    _create_mandates()
    op.create_table(
        "mandate_changes",
        sa.Column("mandate_id", sa.String(64), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("what", sa.String(64), nullable=False),
        sa.Column("facts", Json, nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("mandate_id", "revision", name="pk_mandate_changes"),
    )
    for table in ("mandates", "mandate_changes"):
        enable_tenant_isolation(op, table)
    separate_policies(op, "mandates", subjects=("principal_id", "agent_id"))
    separate_policies(op, "mandate_changes")
    _let_realms_see_their_population()
    make_append_only(op, "mandate_changes")


def _create_mandates() -> None:
    op.create_table(
        "mandates",
        sa.Column("mandate_id", sa.String(64), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("principal_id", sa.String(64), nullable=False),
        sa.Column("agent_id", sa.String(64)),
        sa.Column("agent_key", sa.String(64), nullable=False),
        sa.Column("scopes", Json, nullable=False),
        sa.Column("matters", Json, nullable=False),
        sa.Column("limit_minor", sa.BigInteger),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_until", sa.Date),
        sa.Column("appointed_by", sa.String(64), nullable=False),
        sa.Column("principal_name", sa.LargeBinary, nullable=False),
        sa.Column("agent_name", sa.LargeBinary, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("successor_id", sa.String(64)),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("mandate_id", name="pk_mandates"),
        sa.CheckConstraint("kind IN ('representative', 'manager', 'handler')", name="ck_mandates_kind_known"),
        sa.CheckConstraint(
            "state IN ('proposed', 'active', 'suspended', 'refused', 'revoked', 'expired', 'ended')",
            name="ck_mandates_state_known"),
        sa.CheckConstraint("agent_id <> principal_id", name="ck_mandates_between_two"),
        sa.CheckConstraint("state <> 'active' OR agent_id IS NOT NULL", name="ck_mandates_active_with_agent"),
        sa.CheckConstraint("limit_minor >= 0", name="ck_mandates_limit_not_negative"),
    )
    op.create_index("ix_mandates_principal_id", "mandates", ["principal_id", "mandate_id"])
    op.create_index("ix_mandates_agent_id", "mandates", ["agent_id", "mandate_id"])
    op.create_index("ix_mandates_agent_key", "mandates", ["agent_key"])
    op.create_index("ix_mandates_state_valid_until", "mandates", ["state", "valid_until"])


def _let_realms_see_their_population() -> None:
    """PostgreSQL: a transaction of any tenant of a realm reads and writes the mandates of the realm's population."""
    if op.get_bind().dialect.name != "postgresql":
        return
    rule = f"tenant_id IN ({_POPULATIONS})"
    for table in ("mandates", "mandate_changes"):
        op.execute(f"CREATE POLICY population_of_realm ON {table} USING ({rule}) WITH CHECK ({rule})")
