"""Tables of personal-information requests. tenant_id is the population."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from shared_components.db import Base, UtcDateTime


class PersonalRequestRow(Base):
    """keeper: tenant of the department that decides. content: explanation, corrections and reason, encrypted."""

    __tablename__ = "personal_requests"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('inspect', 'copy', 'correct', 'delete', 'restrict', 'withdraw-consent', 'close-account')",
            name="kind_known"),
        CheckConstraint("state IN ('submitted', 'done', 'refused', 'cancelled')", name="state_known"),
        Index("ix_personal_requests_subject_id", "subject_id", "request_id"),
        Index("ix_personal_requests_keeper", "keeper", "request_id"),
    )
    request_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    keeper: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(24))
    state: Mapped[str] = mapped_column(String(16))
    revision: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(String(64))


class PersonalCopyRow(Base):
    """document: encrypted; what the signature is over is its plain form."""

    __tablename__ = "personal_copies"
    __table_args__ = (Index("ix_personal_copies_expires_at", "expires_at"),)
    request_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[str] = mapped_column(String(64), index=True)
    document: Mapped[bytes] = mapped_column(LargeBinary)
    key_id: Mapped[str] = mapped_column(String(128))
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
