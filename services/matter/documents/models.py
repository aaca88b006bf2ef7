"""Tables of documents. Files are not here: they lie in the material store, encrypted with the key of `sealed`."""
from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, Index, Integer, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shared_components.db import Base, UtcDateTime

_UNNUMBERED = text("number IS NULL")


class DocumentRow(Base):
    """sealed: title, text and the file's key, one ciphertext bound to the document's id.

    content_id, size, sha256: of the file; none until somebody first asks for it. stamped: the file has a seal.
    """

    __tablename__ = "documents"
    __table_args__ = (
        UniqueConstraint("case_id", "name", name="uq_documents_case"),
        UniqueConstraint("tenant_id", "department_code", "year", "number", name="uq_documents_number"),
        Index("ix_documents_unnumbered", "document_id", postgresql_where=_UNNUMBERED, sqlite_where=_UNNUMBERED),
    )
    document_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    case_id: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(20))
    step: Mapped[str | None] = mapped_column(String(40))
    mark: Mapped[str] = mapped_column(String(20))
    department_code: Mapped[str] = mapped_column(String(18))
    issued_on: Mapped[date] = mapped_column(Date)
    year: Mapped[int] = mapped_column(Integer)
    number: Mapped[int | None] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    content_id: Mapped[str | None] = mapped_column(String(40))
    size: Mapped[int | None] = mapped_column(Integer)
    sha256: Mapped[str | None] = mapped_column(String(64))
    stamped: Mapped[bool]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class DocumentCounterRow(Base):
    """The last number of a department in a year; it moves on in the transaction that uses the numbers."""

    __tablename__ = "document_counters"
    tenant_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    department_code: Mapped[str] = mapped_column(String(18), primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True)
    last_number: Mapped[int]
