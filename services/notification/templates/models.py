"""The table of templates."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from shared_components.db import Base, UtcDateTime


class TemplateRow(Base):
    """One version of a template. app: empty for the department's.

    is_current marks the newest under its key, in_force the newest that was approved.
    """

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
    purpose: Mapped[str] = mapped_column(String(16), server_default="notice")
    written_by: Mapped[str] = mapped_column(String(64), server_default="")
    approved_by: Mapped[str | None] = mapped_column(String(64))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    in_force: Mapped[bool] = mapped_column(server_default=false())


class FilingRow(Base):
    """A version of a text template as it was filed with a carrier. parameters: names, with commas between."""

    __tablename__ = "template_filings"
    __table_args__ = (
        UniqueConstraint(
            "tenant_id", "app", "template_code", "locale", "version", "provider", name="uq_template_filings_version"),
    )

    filing_id: Mapped[str] = mapped_column(String(48), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    app: Mapped[str] = mapped_column(String(64))
    template_code: Mapped[str] = mapped_column(String(64))
    locale: Mapped[str] = mapped_column(String(16))
    version: Mapped[int]
    provider: Mapped[str] = mapped_column(String(32))
    provider_template_id: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(20))
    parameters: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
