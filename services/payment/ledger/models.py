"""Tables of the ledger and its days."""
from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared_components.db import Base, UtcDateTime


class LedgerEntryRow(Base):
    """Only ever added to: UPDATE and DELETE are revoked, and triggers refuse them. order_id may be empty."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        UniqueConstraint("tenant_id", "source"),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("debit_account <> credit_account", name="two_accounts"),
        Index("ix_ledger_entries_tenant", "tenant_id", "currency", "entry_id"),
        Index("ix_ledger_entries_debit", "tenant_id", "debit_account", "entry_id"),
        Index("ix_ledger_entries_credit", "tenant_id", "credit_account", "entry_id"),
        Index("ix_ledger_entries_order", "order_id"),
        Index("ix_ledger_entries_day", "tenant_id", "business_day", "entry_id"),
    )
    entry_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(128))
    debit_account: Mapped[str] = mapped_column(String(96))
    credit_account: Mapped[str] = mapped_column(String(96))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    order_id: Mapped[str] = mapped_column(String(40))
    refund_id: Mapped[str | None] = mapped_column(String(40))
    posted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    business_day: Mapped[date]


class LedgerBalanceRow(Base):
    """The sums of the entries, kept in the same transactions, so that a balance costs the same after any history."""

    __tablename__ = "ledger_balances"
    __table_args__ = (CheckConstraint("debit_minor >= 0 AND credit_minor >= 0", name="sums_not_negative"),)
    tenant_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    account: Mapped[str] = mapped_column(String(96), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    debit_minor: Mapped[int] = mapped_column(BigInteger)
    credit_minor: Mapped[int] = mapped_column(BigInteger)


class LedgerDayRow(Base):
    """The last closed day of a tenant; who posts shares this row's lock, who closes a day has it alone."""

    __tablename__ = "ledger_days"
    tenant_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    closed_through: Mapped[date | None]


class LedgerClosingRow(Base):
    """A closed day, with all open ones before it. Only ever added to."""

    __tablename__ = "ledger_closings"
    tenant_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    business_day: Mapped[date] = mapped_column(primary_key=True)
    since: Mapped[date | None]
    closed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_by: Mapped[str] = mapped_column(String(64))
    entries: Mapped[int] = mapped_column(BigInteger)


class LedgerClosingBalanceRow(Base):
    """The sums of an account's entries when the day was closed. Rows are only added."""

    __tablename__ = "ledger_closing_balances"
    tenant_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    business_day: Mapped[date] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(96), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    debit_minor: Mapped[int] = mapped_column(BigInteger)
    credit_minor: Mapped[int] = mapped_column(BigInteger)
