"""The table of Notify keys."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from shared_components.db import Base, UtcDateTime


class NotifyKeyRow(Base):
    """sealed: secret and guests, encrypted with the key's id as additional data."""

    __tablename__ = "notify_api_keys"
    __table_args__ = (
        Index("ix_notify_api_keys_service", "service_id"),
        Index("ix_notify_api_keys_tenant", "tenant_id", "app", "key_id"),
    )

    key_id: Mapped[str] = mapped_column(String(48), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    app: Mapped[str] = mapped_column(String(64))
    service_id: Mapped[str] = mapped_column(String(36))
    name: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(8))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
