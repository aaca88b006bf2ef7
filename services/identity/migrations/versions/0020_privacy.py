"""Requests of persons about their own information, and the copies that these make."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared_components.db import UtcDateTime, enable_tenant_isolation, separate_policies

revision = "0020"
down_revision = "0021"
branch_labels = None
depends_on = None

_TENANTS = "((SELECT string_to_array(current_setting('zhongtai.tenants', true), ','))::text[])"
_POPULATIONS = (
    "SELECT CASE t.environment WHEN 'sandbox' THEN r.sandbox_tenant ELSE r.tenant_id END FROM realm_tenants t "  # noqa: S608 -- no value comes in
    f"JOIN realms r ON r.tenant_id = t.realm_id WHERE t.tenant = ANY {_TENANTS}")


# The population that the transaction's department owns, or its sandbox.
_OWNED = (
    f"SELECT CASE WHEN d.tenant = ANY {_TENANTS} THEN r.tenant_id ELSE r.sandbox_tenant END "  # noqa: S608 -- no value comes in
    f"FROM realms r JOIN departments d ON d.department_id = r.department_id "
    f"WHERE d.tenant = ANY {_TENANTS} OR d.sandbox_tenant = ANY {_TENANTS}")


def upgrade() -> None:
    _create_requests()
    _create_copies()
    for table in ("personal_requests", "personal_copies"):
        enable_tenant_isolation(op, table)
        separate_policies(op, table, subjects=("subject_id",))
    _let_realms_see_their_population()
    _let_sign_in_methods_be_copied_and_removed()


def _create_requests() -> None:
    op.create_table(
        "personal_requests",
        sa.Column("request_id", sa.String(64), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("keeper", sa.String(64), nullable=False),
        sa.Column("subject_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("submitted_at", UtcDateTime, nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("decided_at", UtcDateTime),
        sa.Column("decided_by", sa.String(64)),
        sa.PrimaryKeyConstraint("request_id", name="pk_personal_requests"),
        sa.CheckConstraint(
            "kind IN ('inspect', 'copy', 'correct', 'delete', 'restrict', 'withdraw-consent', 'close-account')",
            name="ck_personal_requests_kind_known"),
        sa.CheckConstraint(
            "state IN ('submitted', 'done', 'refused', 'cancelled')", name="ck_personal_requests_state_known"),
    )
    op.create_index("ix_personal_requests_subject_id", "personal_requests", ["subject_id", "request_id"])
    op.create_index("ix_personal_requests_keeper", "personal_requests", ["keeper", "request_id"])


def _create_copies() -> None:
    op.create_table(
        "personal_copies",
        sa.Column("request_id", sa.String(64), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("subject_id", sa.String(64), nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
        sa.Column("key_id", sa.String(128), nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("request_id", name="pk_personal_copies"),
    )
    op.create_index("ix_personal_copies_expires_at", "personal_copies", ["expires_at"])
    op.create_index("ix_personal_copies_subject_id", "personal_copies", ["subject_id"])


def _let_realms_see_their_population() -> None:
    """PostgreSQL: a transaction of any tenant of a realm works on the requests of the realm's population."""
    if op.get_bind().dialect.name != "postgresql":
        return
    rule = f"tenant_id IN ({_POPULATIONS})"
    for table in ("personal_requests", "personal_copies"):
        op.execute(f"CREATE POLICY population_of_realm ON {table} USING ({rule}) WITH CHECK ({rule})")


def _let_sign_in_methods_be_copied_and_removed() -> None:
    """PostgreSQL: a person's own transaction copies them; the department that owns the population removes them."""
    if op.get_bind().dialect.name != "postgresql":
        return
    own = "subject_id = ANY ((SELECT string_to_array(current_setting('zhongtai.subjects', true), ','))::text[])"
    op.execute(f"CREATE POLICY of_acting_person ON credentials FOR SELECT USING ({own})")
    rule = f"tenant_id IN ({_OWNED})"
    for table in ("credentials", "sign_in_identifiers"):
        op.execute(f"CREATE POLICY owner_of_population ON {table} USING ({rule}) WITH CHECK ({rule})")
