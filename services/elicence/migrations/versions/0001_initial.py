"""The first tables of elicence."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared_components.db import Json, UtcDateTime, create_platform_tables, enable_tenant_isolation

revision = "0001"
down_revision = None

_ACTIVE = sa.text("state IN ('issued', 'suspended')")


def upgrade() -> None:
    create_platform_tables(op)
    _create_types()
    _create_licences()
    _create_changes()
    _create_serials()
    _create_presentations()
    for table in ("licence_types", "licences", "licence_changes", "presentations"):
        enable_tenant_isolation(op, table)


def _create_types() -> None:
    op.create_table(
        "licence_types",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("type_code", sa.String(21), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("is_current", sa.Boolean, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("issuer_code", sa.String(18), nullable=False),
        sa.Column("issuer_name", sa.String(200), nullable=False),
        sa.Column("validity_years", Json, nullable=False),
        sa.Column("fields", Json, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "type_code", "version", name="pk_licence_types"),
    )
    current = sa.text("is_current")
    op.create_index(
        "uq_licence_types_current", "licence_types", ["tenant_id", "type_code"],
        unique=True, postgresql_where=current, sqlite_where=current,
    )


def _create_licences() -> None:
    op.create_table(
        "licences",
        sa.Column("licence_id", sa.String(64), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("identifier", sa.String(128), nullable=False),
        sa.Column("prior_identifier", sa.String(128)),
        sa.Column("type_code", sa.String(21), nullable=False),
        sa.Column("type_version", sa.Integer, nullable=False),
        sa.Column("type_name", sa.String(200), nullable=False),
        sa.Column("issuer_name", sa.String(200), nullable=False),
        sa.Column("holder_subject", sa.String(64), nullable=False),
        sa.Column("holder_id_type", sa.String(8), nullable=False),
        sa.Column("holder_key", sa.String(64), nullable=False),
        sa.Column("scope", sa.String(128), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("trust_grade", sa.String(1), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("state_reason", sa.String(200), nullable=False),
        sa.Column("state_changed_at", UtcDateTime, nullable=False),
        sa.Column("issued_at", UtcDateTime, nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_until", sa.Date),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("licence_id", name="pk_licences"),
        sa.UniqueConstraint("identifier", name="uq_licences_identifier"),
    )
    op.create_index(
        "uq_licences_active", "licences", ["tenant_id", "type_code", "holder_key", "scope"],
        unique=True, postgresql_where=_ACTIVE, sqlite_where=_ACTIVE,
    )
    op.create_index("ix_licences_holder_key", "licences", ["holder_key"])
    op.create_index("ix_licences_holder", "licences", ["tenant_id", "holder_subject", "licence_id"])
    op.create_index(
        "ix_licences_ending", "licences", ["valid_until"], postgresql_where=_ACTIVE, sqlite_where=_ACTIVE
    )


def _create_changes() -> None:
    op.create_table(
        "licence_changes",
        sa.Column("licence_id", sa.String(64), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("from_state", sa.String(16), nullable=False),
        sa.Column("to_state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("licence_id", "revision", name="pk_licence_changes"),
    )


def _create_serials() -> None:
    op.create_table(
        "licence_serials",
        sa.Column("type_code", sa.String(21), nullable=False),
        sa.Column("issuer_code", sa.String(18), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("last_serial", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("type_code", "issuer_code", "year", name="pk_licence_serials"),
    )


def _create_presentations() -> None:
    op.create_table(
        "presentations",
        sa.Column("presentation_id", sa.String(64), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("licence_id", sa.String(64), nullable=False),
        sa.Column("selector", sa.String(16), nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("purpose", sa.String(200), nullable=False),
        sa.Column("fields", Json, nullable=False),
        sa.Column("verifier", sa.String(64)),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("used_at", UtcDateTime),
        sa.PrimaryKeyConstraint("presentation_id", name="pk_presentations"),
        sa.UniqueConstraint("selector", name="uq_presentations_selector"),
    )
    op.create_index("ix_presentations_expires_at", "presentations", ["expires_at"])
