"""The tables of jobs and of the problems in their files."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from shared_components.db import Base, UtcDateTime


class JobRow(Base):
    """sealed: the key of the file, encrypted with the job's id as additional data. problem_counts: JSON."""

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_tenant", "tenant_id", "app", "job_id"),
        Index("ix_jobs_ticket", "ticket_digest", unique=True),
        Index(
            "ix_jobs_worked_at", "taken_until", postgresql_where=text("content_id IS NOT NULL"),
            sqlite_where=text("content_id IS NOT NULL")),
    )

    job_id: Mapped[str] = mapped_column(String(48), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    app: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(16))
    template_app: Mapped[str] = mapped_column(String(64))
    template_code: Mapped[str] = mapped_column(String(64))
    template_version: Mapped[int]
    locale: Mapped[str] = mapped_column(String(16))
    reference: Mapped[str | None] = mapped_column(String(128))
    hold: Mapped[bool]
    state: Mapped[str] = mapped_column(String(16))
    size: Mapped[int] = mapped_column(BigInteger)
    content_id: Mapped[str | None] = mapped_column(String(48))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    ticket_digest: Mapped[str] = mapped_column(String(64))
    ticket_until: Mapped[datetime] = mapped_column(UtcDateTime)
    encoding: Mapped[str | None] = mapped_column(String(16))
    rows: Mapped[int | None]
    accepted: Mapped[int]
    problem_count: Mapped[int]
    problem_counts: Mapped[str] = mapped_column(Text)
    taken_until: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class JobProblemRow(Base):
    """A problem of a file, 1 and up in the order of its rows. row_number: None for the whole file."""

    __tablename__ = "job_problems"

    job_id: Mapped[str] = mapped_column(String(48), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tenant_id: Mapped[str] = mapped_column(String(64))
    code: Mapped[str] = mapped_column(String(40))
    row_number: Mapped[int | None]
    column_name: Mapped[str | None] = mapped_column(String(160))
