"""Tables of sessions. tenant_id is the population: the tenant id of the realm, or of its sandbox."""
from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from shared_components.db import Base, Json, UtcDateTime


class SessionRow(Base):
    """granted_level: at the login or the last step-up. device: encrypted. tokens_until: no token of it lives longer."""

    __tablename__ = "sessions"
    __table_args__ = (
        CheckConstraint("state IN ('active', 'ended')", name="state_known"),
        CheckConstraint("kind IN ('citizen', 'officer')", name="kind_known"),
        CheckConstraint("(kind = 'officer') = (membership_id IS NOT NULL)", name="one_membership"),
        Index("ix_sessions_subject_id_state", "subject_id", "state"),
        Index("ix_sessions_membership_id", "membership_id"),
        Index("ix_sessions_ends_at", "ends_at"),
    )
    session_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    amr: Mapped[list[str]] = mapped_column(Json)
    auth_time: Mapped[datetime] = mapped_column(UtcDateTime)
    proven_level: Mapped[int]
    granted_level: Mapped[int]
    membership_id: Mapped[str | None] = mapped_column(String(64))
    department: Mapped[str | None] = mapped_column(String(64))
    roles: Mapped[list[str] | None] = mapped_column(Json)
    device: Mapped[bytes | None] = mapped_column(LargeBinary)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    idle_s: Mapped[int]
    tokens_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(16))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[str | None] = mapped_column(String(32))


class GrantRow(Base):
    """Rights that a session gives an app. mandate: scopes, matters, limit and end, as of the login."""

    __tablename__ = "token_grants"
    __table_args__ = (
        CheckConstraint("state IN ('active', 'revoked')", name="state_known"),
        Index("ix_token_grants_session_id", "session_id"),
        Index("ix_token_grants_subject_id_app", "subject_id", "app"),
        Index("ix_token_grants_app_state", "app", "state"),
        Index("ix_token_grants_mandate_id", "mandate_id"),
        Index("ix_token_grants_principal_id_app", "principal_id", "app"),
    )
    grant_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    session_id: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[str] = mapped_column(String(64))
    app: Mapped[str] = mapped_column(String(64))
    scopes: Mapped[list[str]] = mapped_column(Json)
    mandate_id: Mapped[str | None] = mapped_column(String(64))
    principal_id: Mapped[str | None] = mapped_column(String(64))
    mandate: Mapped[dict[str, Any] | None] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tokens_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(16))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[str | None] = mapped_column(String(32))


class RefreshTokenRow(Base):
    """secret_hash: keyed hash of a secret that is stored nowhere."""

    __tablename__ = "refresh_tokens"
    __table_args__ = (
        CheckConstraint("state IN ('active', 'used')", name="state_known"),
        Index("ix_refresh_tokens_grant_id", "grant_id"),
    )
    token_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    grant_id: Mapped[str] = mapped_column(String(64))
    secret_hash: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(16))
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    successor_id: Mapped[str | None] = mapped_column(String(64))
    successor_key: Mapped[int | None]


class SigningKeyRow(Base):
    """private: encrypted with the master key. public: a JWK."""

    __tablename__ = "signing_keys"
    __table_args__ = (
        CheckConstraint("state IN ('active', 'retired', 'revoked')", name="state_known"),
        Index("ix_signing_keys_tenant_id_state", "tenant_id", "state"),
    )
    kid: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    public: Mapped[dict[str, Any]] = mapped_column(Json)
    private: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signs_from: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(16))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
