"""Tables of statements and differences."""
from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shared_components.db import Base, Json, UtcDateTime

_DIFFERENCE_ID = String(96).with_variant(String(160), "postgresql")
_COMPLETE = text("state = 'complete'")
_OPEN_DIFFERENCE = text("state = 'open'")


class StatementRow(Base):
    """One import of a channel's daily statement; of a channel and day at most one is complete."""

    __tablename__ = "statements"
    __table_args__ = (
        CheckConstraint("state IN ('importing', 'complete', 'failed', 'superseded')", name="state_known"),
        Index("ix_statements_complete", "tenant_id", "channel", "day", unique=True,
              postgresql_where=_COMPLETE, sqlite_where=_COMPLETE),
        Index("ix_statements_day", "tenant_id", "day", "channel"),
    )
    statement_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(20))
    day: Mapped[date]
    format: Mapped[str] = mapped_column(String(20))
    digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(20))
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    currency: Mapped[str] = mapped_column(String(3))
    line_count: Mapped[int]
    last_line_no: Mapped[int]
    payment_count: Mapped[int]
    payments_minor: Mapped[int] = mapped_column(BigInteger)
    refund_count: Mapped[int]
    refunds_minor: Mapped[int] = mapped_column(BigInteger)
    fees_minor: Mapped[int | None] = mapped_column(BigInteger)
    failure: Mapped[dict[str, Any] | None] = mapped_column(Json)
    reconciled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    summary: Mapped[dict[str, Any]] = mapped_column(Json)


class StatementLineRow(Base):
    """Lines count only while their statement is complete. No payer is in them.

    trade_no: empty on lines that were imported before migration 0006.
    """

    __tablename__ = "statement_lines"
    __table_args__ = (
        UniqueConstraint(
            "tenant_id", "channel", "kind", "number", "trade_no", "statement_id", name="uq_statement_lines_known_by"
        ),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
    )
    statement_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    line_no: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(10))
    number: Mapped[str] = mapped_column(String(64))
    order_id: Mapped[str] = mapped_column(String(64))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    status: Mapped[str] = mapped_column(String(12))
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime)
    fee_minor: Mapped[int | None] = mapped_column(BigInteger)
    trade_no: Mapped[str] = mapped_column(String(64), server_default="")


class DifferenceRow(Base):
    """A difference of a reconciliation: `there` is the statement, `here` our records, `ledger` the books."""

    __tablename__ = "reconciliation_differences"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'resolved')", name="state_known"),
        CheckConstraint(
            "class IN ('missing_here', 'missing_there', 'amount_differs', 'status_differs')", name="class_known"
        ),
        Index("ix_reconciliation_differences_day", "tenant_id", "day", "difference_id"),
        Index("ix_reconciliation_differences_line", "statement_id", "line_no"),
        Index("ix_reconciliation_differences_open", "tenant_id", "channel", "class", "day",
              postgresql_where=_OPEN_DIFFERENCE, sqlite_where=_OPEN_DIFFERENCE),
    )
    tenant_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    difference_id: Mapped[str] = mapped_column(_DIFFERENCE_ID, primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    day: Mapped[date]
    kind: Mapped[str] = mapped_column(String(10))
    trade_no: Mapped[str] = mapped_column(String(64), server_default="")
    number: Mapped[str] = mapped_column(String(64))
    class_: Mapped[str] = mapped_column("class", String(20))
    state: Mapped[str] = mapped_column(String(20))
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
    order_id: Mapped[str | None] = mapped_column(String(64))
    statement_id: Mapped[str | None] = mapped_column(String(40))
    line_no: Mapped[int | None]
    there_minor: Mapped[int | None] = mapped_column(BigInteger)
    there_currency: Mapped[str | None] = mapped_column(String(3))
    there_status: Mapped[str | None] = mapped_column(String(12))
    here_minor: Mapped[int | None] = mapped_column(BigInteger)
    here_currency: Mapped[str | None] = mapped_column(String(3))
    here_status: Mapped[str | None] = mapped_column(String(20))
    order_state: Mapped[str | None] = mapped_column(String(20))
    order_minor: Mapped[int | None] = mapped_column(BigInteger)
    ledger_minor: Mapped[int | None] = mapped_column(BigInteger)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolved_by: Mapped[str | None] = mapped_column(String(64))
    note: Mapped[str | None] = mapped_column(String(500))
