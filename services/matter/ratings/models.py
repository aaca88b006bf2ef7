"""The table of ratings: one for each case."""
from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared_components.db import Base, Json, UtcDateTime


class RatingRow(Base):
    """sealed: comment, answer and appeal, one ciphertext bound to the rating's id."""

    __tablename__ = "ratings"
    __table_args__ = (
        UniqueConstraint("case_id", name="uq_ratings_case"),
        Index("ix_ratings_tenant", "tenant_id", "state", "rating_id"),
    )
    rating_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    case_id: Mapped[str] = mapped_column(String(40))
    matter_code: Mapped[str] = mapped_column(String(40))
    level: Mapped[int]
    scores: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(20))
    counts: Mapped[bool]
    rated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
