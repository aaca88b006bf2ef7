"""Tables of the login. tenant_id: of the population. Nothing here opens anything without a browser's secret."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from shared_components.db import Base, UtcDateTime


class InteractionRow(Base):
    """sealed: what was asked, shown and chosen, as JSON, encrypted and bound to the row's id."""

    __tablename__ = "login_interactions"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'done', 'refused')", name="state_known"),
        Index("ix_login_interactions_browser_hash", "browser_hash"),
        Index("ix_login_interactions_expires_at", "expires_at"),
        Index("uq_login_interactions_request_id", "request_id", unique=True),
    )
    interaction_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    realm_id: Mapped[str] = mapped_column(String(64))
    browser_hash: Mapped[str] = mapped_column(String(64))
    request_id: Mapped[str | None] = mapped_column(String(64))
    step: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    revision: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class BrowserRow(Base):
    """The session that a browser has, one of each kind."""

    __tablename__ = "login_browsers"
    __table_args__ = (
        Index("ix_login_browsers_session_id", "session_id"), Index("ix_login_browsers_expires_at", "expires_at"),
    )
    browser_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    session_id: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
