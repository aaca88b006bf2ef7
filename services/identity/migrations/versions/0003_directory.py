"""Tables of the directory: realms, departments, memberships, apps and their keys."""
from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from shared_components.db import Json, UtcDateTime, enable_tenant_isolation
from shared_components.db.migrations import make_append_only

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = ("realms", "departments", "department_tenants", "memberships", "apps", "app_keys", "directory_changes")


def upgrade() -> None:
    _create_realms()
    _create_departments()
    _create_memberships()
    _create_apps()
    _create_changes()
    for table in TABLES:
        enable_tenant_isolation(op, table)
    _let_tenants_of_a_realm_see_it()
    make_append_only(op, "directory_changes")
    make_append_only(op, "realm_tenants")


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _create_realms() -> None:
    op.create_table(
        "realms", _text("tenant_id", 64), _text("name", 200), _text("sandbox_tenant", 64),
        _text("department_id", 64, nullable=True), sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_realms"),
    )
    op.create_table(
        "realm_tenants", _text("tenant", 64), _text("realm_id", 64), _text("environment", 16),
        sa.PrimaryKeyConstraint("tenant", name="pk_realm_tenants"),
    )


def _create_departments() -> None:
    op.create_table(
        "departments", _text("department_id", 64), _text("tenant_id", 64), _text("parent_id", 64, nullable=True),
        _text("name", 200), _text("code", 32, nullable=True), _text("credit_code", 18, nullable=True),
        _text("tenant", 64), _text("sandbox_tenant", 64), _text("state", 16), _text("successor_id", 64, nullable=True),
        sa.Column("revision", sa.Integer, nullable=False), sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("department_id", name="pk_departments"),
        sa.UniqueConstraint("tenant_id", "code", name="uq_departments_tenant_id_code"),
        sa.CheckConstraint("state IN ('active', 'merged', 'closed')", name="ck_departments_state_known"),
        sa.CheckConstraint("parent_id <> department_id", name="ck_departments_not_below_itself"),
    )
    op.create_index("ix_departments_tenant_id_parent_id", "departments", ["tenant_id", "parent_id"])
    op.create_table(
        "department_tenants", _text("tenant", 64), _text("tenant_id", 64), _text("department_id", 64),
        sa.PrimaryKeyConstraint("tenant", name="pk_department_tenants"),
    )
    op.create_index("ix_department_tenants_department_id", "department_tenants", ["department_id"])


def _create_memberships() -> None:
    op.create_table(
        "memberships", _text("membership_id", 64), _text("tenant_id", 64), _text("department_id", 64),
        _text("subject_id", 64), sa.Column("roles", Json, nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False), sa.Column("valid_until", sa.Date),
        _text("state", 16), sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("membership_id", name="pk_memberships"),
        sa.CheckConstraint("state IN ('active', 'ended')", name="ck_memberships_state_known"),
    )
    op.create_index("ix_memberships_tenant_id_department_id", "memberships", ["tenant_id", "department_id"])
    op.create_index("ix_memberships_tenant_id_subject_id", "memberships", ["tenant_id", "subject_id"])


def _create_apps() -> None:
    op.create_table(
        "apps", _text("app", 40), _text("tenant_id", 64), _text("department_id", 64), _text("tenant", 64),
        _text("sandbox_tenant", 64), _text("kind", 16), _text("title", 200), _text("state", 16),
        _text("production", 16), sa.Column("draft", Json, nullable=False), sa.Column("approved", Json),
        _text("requested_by", 64, nullable=True), sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("app", name="pk_apps"),
        sa.CheckConstraint("state IN ('active', 'frozen', 'closed')", name="ck_apps_state_known"),
        sa.CheckConstraint("production IN ('none', 'requested', 'approved')", name="ck_apps_production_known"),
    )
    op.create_index("ix_apps_tenant_id_department_id", "apps", ["tenant_id", "department_id"])
    op.create_table(
        "app_keys", _text("key_id", 64), _text("tenant_id", 64), _text("app", 40), _text("environment", 16),
        _text("key_hash", 64), _text("state", 16), sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("revoked_at", UtcDateTime),
        sa.PrimaryKeyConstraint("key_id", name="pk_app_keys"),
        sa.UniqueConstraint("key_hash", name="uq_app_keys_key_hash"),
        sa.CheckConstraint("state IN ('active', 'revoked')", name="ck_app_keys_state_known"),
    )
    op.create_index("ix_app_keys_app", "app_keys", ["app"])


def _create_changes() -> None:
    op.create_table(
        "directory_changes", _text("thing_id", 64), sa.Column("revision", sa.Integer, nullable=False),
        _text("tenant_id", 64), _text("thing", 16), _text("what", 64), sa.Column("facts", Json, nullable=False),
        _text("actor", 64), sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("thing_id", "revision", name="pk_directory_changes"),
    )


def _let_tenants_of_a_realm_see_it() -> None:
    """PostgreSQL: a transaction that was opened for a department's tenant sees the directory of its realm too.

    realm_tenants has a policy of its own, because it says which tenant is of which realm: its entries are seen by both,
    and anybody adds entries of tenant ids that have none yet.
    """
    if op.get_bind().dialect.name != "postgresql":
        return
    seen = "string_to_array(current_setting('zhongtai.tenants', true), ',')"
    everything = "current_setting('zhongtai.tenants', true) = '*'"
    op.execute("ALTER TABLE realm_tenants ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE realm_tenants FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY tenant_isolation ON realm_tenants USING ({everything} OR tenant = ANY ({seen}) "
        f"OR realm_id = ANY ({seen})) WITH CHECK (true)")
    realms = f"SELECT realm_id FROM realm_tenants WHERE tenant = ANY ({seen})"  # noqa: S608 -- no value comes in
    for table in TABLES:
        op.execute(f"CREATE POLICY realm_of_tenant ON {table} USING (tenant_id IN ({realms}))")
