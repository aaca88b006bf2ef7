"""Tables of receipts and their numbers."""
from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shared_components.db import Base, Json, UtcDateTime

_WAITING = text("state = 'waiting'")


class ReceiptRangeRow(Base):
    """Numbers are handed out under this row's lock, in the transaction of the receipt that gets them."""

    __tablename__ = "receipt_ranges"
    __table_args__ = (
        CheckConstraint(
            "first_number <= next_number AND next_number <= last_number + 1", name="next_within_range"
        ),
        Index("ix_receipt_ranges_unit", "tenant_id", "collecting_unit", "range_id"),
    )
    range_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    collecting_unit: Mapped[str] = mapped_column(String(64))
    bill_code: Mapped[str] = mapped_column(String(8))
    first_number: Mapped[int] = mapped_column(BigInteger)
    last_number: Mapped[int] = mapped_column(BigInteger)
    next_number: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReceiptBlockRow(Base):
    """Which numbers are kept for some range; of no tenant: a number is on one receipt in the whole land."""

    __tablename__ = "receipt_blocks"
    bill_code: Mapped[str] = mapped_column(String(8), primary_key=True)
    first_number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    last_number: Mapped[int] = mapped_column(BigInteger)


class ReceiptRow(Base):
    """source: the order or refund it is of, once. payer_name is a ciphertext, bound to the receipt's id."""

    __tablename__ = "receipts"
    __table_args__ = (
        UniqueConstraint("tenant_id", "source"),
        UniqueConstraint("bill_code", "bill_number"),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("(state = 'issued') = (bill_number IS NOT NULL)", name="issued_with_number"),
        CheckConstraint("(kind = 'red') = (original_id IS NOT NULL)", name="red_with_original"),
        Index("ix_receipts_tenant", "tenant_id", "receipt_id"),
        Index("ix_receipts_order", "order_id"),
        Index("ix_receipts_original", "original_id"),
        Index("ix_receipts_waiting", "tenant_id", "collecting_unit", "receipt_id",
              postgresql_where=_WAITING, sqlite_where=_WAITING),
    )
    receipt_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(40))
    order_id: Mapped[str] = mapped_column(String(40))
    refund_id: Mapped[str | None] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    original_id: Mapped[str | None] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(20))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    collecting_unit: Mapped[str] = mapped_column(String(64))
    pay_code: Mapped[str] = mapped_column(String(20))
    payer_name: Mapped[bytes] = mapped_column(LargeBinary)
    lines: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    bill_code: Mapped[str | None] = mapped_column(String(8))
    bill_number: Mapped[int | None] = mapped_column(BigInteger)
    check_code: Mapped[str | None] = mapped_column(String(8).with_variant(String(20), "postgresql"))
    issued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReceiptGuessRow(Base):
    """Wrong check codes of one caller for one number, for an hour. There need be no such receipt."""

    __tablename__ = "receipt_guesses"
    __table_args__ = (Index("ix_receipt_guesses_since", "since"),)
    tenant_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    caller: Mapped[str] = mapped_column(String(64), primary_key=True)
    bill_code: Mapped[str] = mapped_column(String(8), primary_key=True)
    bill_number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    failures: Mapped[int]
    since: Mapped[datetime] = mapped_column(UtcDateTime)
