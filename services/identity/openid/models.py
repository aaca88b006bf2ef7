"""Tables of OAuth and OpenID Connect. tenant_id is the population: the tenant id of the realm, or of its sandbox."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared_components.db import Base, Json, UtcDateTime


class AuthorizationRequestRow(Base):
    """asked: the parameters, encrypted: a login_hint may be a person's number."""

    __tablename__ = "authorization_requests"
    __table_args__ = (
        CheckConstraint("state IN ('pushed', 'begun', 'completed', 'refused')", name="state_known"),
        Index("ix_authorization_requests_expires_at", "expires_at"),
    )
    request_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    client_id: Mapped[str] = mapped_column(String(64))
    asked: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(16))


class AuthorizationCodeRow(Base):
    """code_hash: SHA-256 of the code, which is stored nowhere. grant_id: what the first use gave."""

    __tablename__ = "authorization_codes"
    __table_args__ = (
        CheckConstraint("state IN ('active', 'used')", name="state_known"),
        Index("ix_authorization_codes_expires_at", "expires_at"),
    )
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    client_id: Mapped[str] = mapped_column(String(64))
    redirect_uri: Mapped[str] = mapped_column(String(500))
    code_challenge: Mapped[str] = mapped_column(String(43))
    session_id: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[str] = mapped_column(String(64))
    scopes: Mapped[list[str]] = mapped_column(Json)
    nonce: Mapped[str | None] = mapped_column(String(512))
    mandate_id: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(16))
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    grant_id: Mapped[str | None] = mapped_column(String(64))


class ClientAssertionRow(Base):
    """A `jti` that a client has used: SHA-256 of client and jti. It stays until its assertion is over."""

    __tablename__ = "client_assertions"
    __table_args__ = (Index("ix_client_assertions_expires_at", "expires_at"),)
    jti_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AppConsentRow(Base):
    __tablename__ = "app_consents"
    __table_args__ = (
        CheckConstraint("state IN ('active', 'revoked')", name="state_known"),
        UniqueConstraint("subject_id", "client_id", "scope"),
        Index("ix_app_consents_tenant_id_subject_id", "tenant_id", "subject_id"),
    )
    consent_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[str] = mapped_column(String(64))
    client_id: Mapped[str] = mapped_column(String(64))
    scope: Mapped[str] = mapped_column(String(128))
    given_by: Mapped[str] = mapped_column(String(64))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(16))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
