"""Tables of OAuth and OpenID Connect: authorization requests, codes, used assertions, consents to apps."""
from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from shared_components.db import Json, UtcDateTime, enable_tenant_isolation, separate_policies

revision = "0015"
down_revision = "0017"
branch_labels = None
depends_on = None

_TENANTS = "((SELECT string_to_array(current_setting('zhongtai.tenants', true), ','))::text[])"
_POPULATIONS = (
    "SELECT CASE t.environment WHEN 'sandbox' THEN r.sandbox_tenant ELSE r.tenant_id END FROM realm_tenants t "  # noqa: S608 -- no value comes in
    f"JOIN realms r ON r.tenant_id = t.realm_id WHERE t.tenant = ANY {_TENANTS}")
TABLES = ("authorization_requests", "authorization_codes", "client_assertions", "app_consents")


def upgrade() -> None:
    _create_requests()
    _create_codes()
    _create_consents()
    for table in TABLES:
        enable_tenant_isolation(op, table)
        separate_policies(op, table)
    _let_realms_see_consents()
    _let_sandboxes_see_their_apps()


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, UtcDateTime, nullable=nullable)


def _create_requests() -> None:
    op.create_table(
        "authorization_requests", _text("request_id", 64), _text("tenant_id", 64), _text("client_id", 64),
        sa.Column("asked", sa.LargeBinary, nullable=False), _time("created_at"), _time("expires_at"),
        _text("state", 16),
        sa.PrimaryKeyConstraint("request_id", name="pk_authorization_requests"),
        sa.CheckConstraint(
            "state IN ('pushed', 'begun', 'completed', 'refused')", name="ck_authorization_requests_state_known"),
    )
    op.create_index("ix_authorization_requests_expires_at", "authorization_requests", ["expires_at"])


def _create_codes() -> None:
    op.create_table(
        "authorization_codes", _text("code_hash", 64), _text("tenant_id", 64), _text("client_id", 64),
        _text("redirect_uri", 500), _text("code_challenge", 43), _text("session_id", 64), _text("subject_id", 64),
        sa.Column("scopes", Json, nullable=False), _text("nonce", 512, nullable=True),
        _text("mandate_id", 64, nullable=True), _time("created_at"), _time("expires_at"), _text("state", 16),
        _time("used_at", nullable=True), _text("grant_id", 64, nullable=True),
        sa.PrimaryKeyConstraint("code_hash", name="pk_authorization_codes"),
        sa.CheckConstraint("state IN ('active', 'used')", name="ck_authorization_codes_state_known"),
    )
    op.create_index("ix_authorization_codes_expires_at", "authorization_codes", ["expires_at"])
    op.create_table(
        "client_assertions", _text("jti_hash", 64), _text("tenant_id", 64), _time("expires_at"),
        sa.PrimaryKeyConstraint("jti_hash", name="pk_client_assertions"),
    )
    op.create_index("ix_client_assertions_expires_at", "client_assertions", ["expires_at"])


def _create_consents() -> None:
    op.create_table(
        "app_consents", _text("consent_id", 64), _text("tenant_id", 64), _text("subject_id", 64),
        _text("client_id", 64), _text("scope", 128), _text("given_by", 64), _time("given_at"), _text("state", 16),
        _time("revoked_at", nullable=True),
        sa.PrimaryKeyConstraint("consent_id", name="pk_app_consents"),
        sa.UniqueConstraint("subject_id", "client_id", "scope", name="uq_app_consents_subject_id_client_id_scope"),
        sa.CheckConstraint("state IN ('active', 'revoked')", name="ck_app_consents_state_known"),
    )
    op.create_index("ix_app_consents_tenant_id_subject_id", "app_consents", ["tenant_id", "subject_id"])


def _let_realms_see_consents() -> None:
    """PostgreSQL: a citizen revokes consents in the app of any department of the realm, as subjects are reached."""
    if op.get_bind().dialect.name == "postgresql":
        rule = f"tenant_id IN ({_POPULATIONS})"
        op.execute(f"CREATE POLICY population_of_realm ON app_consents USING ({rule}) WITH CHECK ({rule})")


def _let_sandboxes_see_their_apps() -> None:
    """PostgreSQL: a login in a realm's sandbox reads the realm's apps and keys. Those of production it cannot use."""
    if op.get_bind().dialect.name == "postgresql":
        sandboxes = f"SELECT tenant_id FROM realms WHERE sandbox_tenant = ANY {_TENANTS}"  # noqa: S608 -- no value comes in
        for table in ("apps", "app_keys"):
            op.execute(f"CREATE POLICY realm_of_sandbox ON {table} FOR SELECT USING (tenant_id IN ({sandboxes}))")
