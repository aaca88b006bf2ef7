"""Tables of materials. Contents are not here: they lie in the store, encrypted with the key of `sealed`."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Integer, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from shared_components.db import Base, UtcDateTime

_ENDED = text("state <> 'given'")


class MaterialRow(Base):
    """sealed: key of the content and name of the file, one ciphertext bound to the material's id."""

    __tablename__ = "materials"
    __table_args__ = (
        Index("ix_materials_case", "case_id", "material_id"),
        Index("ix_materials_content", "content_id"),
        Index("ix_materials_ended", "created_at", postgresql_where=_ENDED, sqlite_where=_ENDED),
    )
    material_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    case_id: Mapped[str] = mapped_column(String(40))
    content_id: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(20))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str | None] = mapped_column(String(64))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    given_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MaterialTicketRow(Base):
    """Each once, by the hash of the ticket."""

    __tablename__ = "material_tickets"
    __table_args__ = (Index("ix_material_tickets_until", "until"),)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    owner: Mapped[str] = mapped_column(String(64))
    material_id: Mapped[str] = mapped_column(String(40))
    purpose: Mapped[str] = mapped_column(String(20))
    until: Mapped[datetime] = mapped_column(UtcDateTime)
