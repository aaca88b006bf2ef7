"""Sessions, what they give apps, refresh tokens, and the keys that sign tokens."""
from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from shared_components.db import Json, UtcDateTime, enable_tenant_isolation, separate_policies

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_TENANTS = "((SELECT string_to_array(current_setting('zhongtai.tenants', true), ','))::text[])"
_POPULATIONS = (
    "SELECT CASE t.environment WHEN 'sandbox' THEN r.sandbox_tenant ELSE r.tenant_id END FROM realm_tenants t "  # noqa: S608 -- no value comes in
    f"JOIN realms r ON r.tenant_id = t.realm_id WHERE t.tenant = ANY {_TENANTS}")


def upgrade() -> None:
    _create_sessions()
    _create_grants()
    _create_refresh_tokens()
    _create_signing_keys()
    for table in ("sessions", "token_grants", "refresh_tokens", "signing_keys"):
        enable_tenant_isolation(op, table)
        separate_policies(op, table)
        if op.get_bind().dialect.name == "postgresql":
            # An app of any department of the realm brings its citizens to the login.
            rule = f"tenant_id IN ({_POPULATIONS})"
            op.execute(f"CREATE POLICY population_of_realm ON {table} USING ({rule}) WITH CHECK ({rule})")


def _text(name: str, length: int = 64, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, UtcDateTime, nullable=nullable)


def _ending() -> list[sa.Column[Any]]:
    return [_text("state", 16), _time("ended_at", nullable=True), _text("end_reason", 32, nullable=True)]


def _create_sessions() -> None:
    op.create_table(
        "sessions", _text("session_id"), _text("tenant_id"), _text("subject_id"), _text("kind", 16),
        sa.Column("amr", Json, nullable=False), _time("auth_time"),
        sa.Column("proven_level", sa.Integer, nullable=False), sa.Column("granted_level", sa.Integer, nullable=False),
        _text("membership_id", nullable=True), _text("department", nullable=True), sa.Column("roles", Json),
        sa.Column("device", sa.LargeBinary), _time("opened_at"), _time("used_at"), _time("ends_at"),
        sa.Column("idle_s", sa.Integer, nullable=False), _time("tokens_until", nullable=True), *_ending(),
        sa.PrimaryKeyConstraint("session_id", name="pk_sessions"),
        sa.CheckConstraint("state IN ('active', 'ended')", name="ck_sessions_state_known"),
        sa.CheckConstraint("kind IN ('citizen', 'officer')", name="ck_sessions_kind_known"),
        sa.CheckConstraint("(kind = 'officer') = (membership_id IS NOT NULL)", name="ck_sessions_one_membership"),
    )
    op.create_index("ix_sessions_subject_id_state", "sessions", ["subject_id", "state"])
    op.create_index("ix_sessions_membership_id", "sessions", ["membership_id"])
    op.create_index("ix_sessions_ends_at", "sessions", ["ends_at"])


def _create_grants() -> None:
    op.create_table(
        "token_grants", _text("grant_id"), _text("tenant_id"), _text("session_id"), _text("subject_id"),
        _text("app"), sa.Column("scopes", Json, nullable=False), _text("mandate_id", nullable=True),
        _text("principal_id", nullable=True), sa.Column("mandate", Json), _time("created_at"),
        _time("tokens_until", nullable=True), *_ending(),
        sa.PrimaryKeyConstraint("grant_id", name="pk_token_grants"),
        sa.CheckConstraint("state IN ('active', 'revoked')", name="ck_token_grants_state_known"),
    )
    op.create_index("ix_token_grants_session_id", "token_grants", ["session_id"])
    op.create_index("ix_token_grants_subject_id_app", "token_grants", ["subject_id", "app"])
    op.create_index("ix_token_grants_app_state", "token_grants", ["app", "state"])
    op.create_index("ix_token_grants_mandate_id", "token_grants", ["mandate_id"])


def _create_refresh_tokens() -> None:
    op.create_table(
        "refresh_tokens", _text("token_id"), _text("tenant_id"), _text("grant_id"), _text("secret_hash"),
        _time("issued_at"), _text("state", 16), _time("used_at", nullable=True), _text("successor_id", nullable=True),
        sa.Column("successor_key", sa.Integer),
        sa.PrimaryKeyConstraint("token_id", name="pk_refresh_tokens"),
        sa.CheckConstraint("state IN ('active', 'used')", name="ck_refresh_tokens_state_known"),
    )
    op.create_index("ix_refresh_tokens_grant_id", "refresh_tokens", ["grant_id"])


def _create_signing_keys() -> None:
    op.create_table(
        "signing_keys", _text("kid"), _text("tenant_id"), sa.Column("public", Json, nullable=False),
        sa.Column("private", sa.LargeBinary, nullable=False), _time("created_at"), _time("signs_from"),
        _text("state", 16), _time("ended_at", nullable=True),
        sa.PrimaryKeyConstraint("kid", name="pk_signing_keys"),
        sa.CheckConstraint(
            "state IN ('active', 'retired', 'revoked')", name="ck_signing_keys_state_known"),
    )
    op.create_index("ix_signing_keys_tenant_id_state", "signing_keys", ["tenant_id", "state"])
