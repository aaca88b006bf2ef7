"""Tables of sign-ins at other providers. tenant_id is the population."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared_components.db import Base, UtcDateTime


class SignInRow(Base):
    """A sign-in that waits for its answer. state_key, binding: keyed hashes. secrets: encrypted, bound to the key."""

    __tablename__ = "upstream_sign_ins"
    __table_args__ = (Index("ix_upstream_sign_ins_expires_at", "expires_at"),)
    state_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    provider: Mapped[str] = mapped_column(String(32))
    binding: Mapped[str] = mapped_column(String(64))
    secrets: Mapped[bytes] = mapped_column(LargeBinary)
    subject_id: Mapped[str | None] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LinkRow(Base):
    """An account and a person at a provider. upstream_key: keyed hash of issuer and stable id."""

    __tablename__ = "upstream_links"
    __table_args__ = (
        UniqueConstraint("tenant_id", "upstream_key"),
        Index("ix_upstream_links_subject_id", "subject_id"),
    )
    link_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    provider: Mapped[str] = mapped_column(String(32))
    upstream_key: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime] = mapped_column(UtcDateTime)
