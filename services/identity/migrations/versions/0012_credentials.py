"""Tables of credentials: sign-in methods, identifiers, attempts, challenges, guardians' consents."""
from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from shared_components.db import UtcDateTime, enable_tenant_isolation, separate_policies

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = (
    "credentials", "sign_in_identifiers", "sign_in_attempts", "known_devices", "sign_in_challenges", "code_sendings",
    "guardian_consents",
)


def upgrade() -> None:
    _create_credentials()
    _create_identifiers()
    _create_throttles()
    _create_challenges()
    _create_guardian_consents()
    for table in TABLES:
        enable_tenant_isolation(op, table)
        separate_policies(op, table)


def _text(name: str, length: int = 64, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _at(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, UtcDateTime, nullable=nullable)


def _unique_where(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=True, postgresql_where=condition, sqlite_where=condition)


def _create_credentials() -> None:
    op.create_table(
        "credentials", _text("credential_id"), _text("tenant_id"), _text("subject_id"), _text("kind", 16),
        _text("state", 16), _text("name", nullable=True), sa.Column("secret", sa.LargeBinary),
        _text("lookup", nullable=True), sa.Column("counter", sa.BigInteger, nullable=False), _at("created_at"),
        _at("changed_at"), _at("used_at", nullable=True),
        sa.PrimaryKeyConstraint("credential_id", name="pk_credentials"),
        sa.CheckConstraint(
            "kind IN ('password', 'totp', 'passkey', 'recovery-code')", name="ck_credentials_kind_known"),
        sa.CheckConstraint("state IN ('pending', 'active')", name="ck_credentials_state_known"),
    )
    op.create_index("ix_credentials_subject_id_kind", "credentials", ["subject_id", "kind"])
    op.create_index("uq_credentials_lookup", "credentials", ["tenant_id", "lookup"], unique=True)
    _unique_where("uq_credentials_password", "credentials", ["subject_id"], "kind = 'password'")


def _create_identifiers() -> None:
    op.create_table(
        "sign_in_identifiers", _text("tenant_id"), _text("kind", 16), _text("value_index"), _text("subject_id"),
        sa.Column("sealed", sa.LargeBinary),
        sa.PrimaryKeyConstraint(
            "tenant_id", "kind", "value_index", "subject_id", name="pk_sign_in_identifiers"),
        sa.CheckConstraint("kind IN ('username', 'mobile', 'email')", name="ck_sign_in_identifiers_kind_known"),
    )
    op.create_index("ix_sign_in_identifiers_subject_id", "sign_in_identifiers", ["subject_id"])
    _unique_where(
        "uq_sign_in_identifiers_username", "sign_in_identifiers", ["tenant_id", "value_index"], "kind = 'username'")


def _create_throttles() -> None:
    op.create_table(
        "sign_in_attempts", _text("tenant_id"), _text("scope", 16), _text("key"),
        sa.Column("taken", sa.Integer, nullable=False), _at("last_at"),
        sa.PrimaryKeyConstraint("tenant_id", "scope", "key", name="pk_sign_in_attempts"),
    )
    op.create_index("ix_sign_in_attempts_last_at", "sign_in_attempts", ["last_at"])
    op.create_table(
        "known_devices", _text("tenant_id"), _text("subject_id"), _text("device"), _at("first_at"), _at("last_at"),
        sa.PrimaryKeyConstraint("tenant_id", "subject_id", "device", name="pk_known_devices"),
    )


def _create_challenges() -> None:
    op.create_table(
        "sign_in_challenges", _text("challenge_id"), _text("tenant_id"), _text("purpose", 16),
        _text("subject_id", nullable=True), _text("binding"), sa.Column("secret", sa.LargeBinary, nullable=False),
        _text("method", 16, nullable=True), sa.Column("tries", sa.Integer, nullable=False), _at("created_at"),
        _at("expires_at"), _at("ended_at", nullable=True),
        sa.PrimaryKeyConstraint("challenge_id", name="pk_sign_in_challenges"),
    )
    op.create_index("ix_sign_in_challenges_expires_at", "sign_in_challenges", ["expires_at"])
    op.create_table(
        "code_sendings", _text("sending_id"), _text("tenant_id"), _text("target"), _at("at"),
        sa.PrimaryKeyConstraint("sending_id", name="pk_code_sendings"),
    )
    op.create_index("ix_code_sendings_target_at", "code_sendings", ["tenant_id", "target", "at"])


def _create_guardian_consents() -> None:
    op.create_table(
        "guardian_consents", _text("consent_id"), _text("tenant_id"), _text("child_id"), _text("guardian_id"),
        _text("state", 16), _text("authority"), _text("receipt", 128), _at("given_at"), _at("revoked_at", nullable=True),
        sa.PrimaryKeyConstraint("consent_id", name="pk_guardian_consents"),
        sa.CheckConstraint("state IN ('accepted', 'revoked')", name="ck_guardian_consents_state_known"),
    )
    op.create_index("ix_guardian_consents_child_id", "guardian_consents", ["child_id"])
    op.create_index("ix_guardian_consents_guardian_id", "guardian_consents", ["guardian_id"])
    _unique_where(
        "uq_guardian_consents_accepted", "guardian_consents", ["child_id", "guardian_id"], "state = 'accepted'")
