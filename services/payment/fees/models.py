"""Tables of fee items."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from shared_components.db import Base, UtcDateTime


class FeeItemRow(Base):
    """Periods of one code's versions never overlap: a new version ends the earlier ones."""

    __tablename__ = "fee_items"
    __table_args__ = (
        CheckConstraint("price_minor > 0", name="price_positive"),
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="period_forward"),
    )
    tenant_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    item_code: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    collecting_unit: Mapped[str] = mapped_column(String(64))
    unit: Mapped[str] = mapped_column(String(20))
    price_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    division: Mapped[str] = mapped_column(String(6))
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    late_fee_ppm: Mapped[int]
    min_quantity: Mapped[int]
    max_quantity: Mapped[int | None]
    min_amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    max_amount_minor: Mapped[int | None] = mapped_column(BigInteger)
