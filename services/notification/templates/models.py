"""The table of templates."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared_components.db import Base, UtcDateTime


class TemplateRow(Base):
    """One version of a template; is_current marks the newest under its key. app: empty for the department's."""

    __tablename__ = "templates"
    __table_args__ = (UniqueConstraint("tenant_id", "app", "template_code", "channel", "locale", "version"),)

    template_id: Mapped[str] = mapped_column(String(48), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    app: Mapped[str] = mapped_column(String(64), server_default="")
    template_code: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(16))
    locale: Mapped[str] = mapped_column(String(16))
    version: Mapped[int]
    is_current: Mapped[bool]
    subject: Mapped[str | None] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
