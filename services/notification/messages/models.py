"""The tables of messages, and of those who may get them."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from shared_components.db import Base, UtcDateTime, metadata_of
from shared_components.db.subject_aliases import include_alias_table
from shared_components.evidence_log import include_evidence_tables
from shared_components.kernel.apps import BEFORE_APPS

include_evidence_tables(metadata_of("notification"))
include_alias_table(metadata_of("notification"))


class MessageRow(Base):
    """sealed_*: encrypted with the message's id as additional data; address_index finds an address without it."""

    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_reference", "tenant_id", "reference", "message_id"),
        Index("ix_messages_recipient_subject", "tenant_id", "recipient_subject", "message_id"),
        Index("ix_messages_holder", "recipient_subject", "message_id"),
        Index("ix_messages_address_index", "tenant_id", "address_index"),
        Index("ix_messages_due", "message_class", "next_attempt_at"),
        Index("ix_messages_carrier_reference", "carrier_reference"),
        Index("ix_messages_created_at", "created_at"),
        Index(
            "ix_messages_job", "job_id", "state", postgresql_where=text("job_id IS NOT NULL"),
            sqlite_where=text("job_id IS NOT NULL")),
    )

    message_id: Mapped[str] = mapped_column(String(48), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    app: Mapped[str] = mapped_column(String(64), server_default=BEFORE_APPS)
    channel: Mapped[str] = mapped_column(String(16))
    template_code: Mapped[str] = mapped_column(String(64))
    template_version: Mapped[int]
    locale: Mapped[str] = mapped_column(String(16))
    recipient_subject: Mapped[str | None] = mapped_column(String(64))
    address_index: Mapped[str | None] = mapped_column(String(64))
    sealed_address: Mapped[bytes | None] = mapped_column(LargeBinary)
    sealed_content: Mapped[bytes] = mapped_column(LargeBinary)
    reference: Mapped[str | None] = mapped_column(String(128))
    state: Mapped[str] = mapped_column(String(24))
    attempts: Mapped[int]
    next_attempt_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failure_code: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    message_class: Mapped[str] = mapped_column(String(8), server_default="normal")
    carrier: Mapped[str | None] = mapped_column(String(32))
    carrier_reference: Mapped[str | None] = mapped_column(String(64))
    parts: Mapped[int | None]
    job_id: Mapped[str | None] = mapped_column(String(48))


class CodeLimitRow(Base):
    """One-time codes that a number got in its present minute, hour and day. number: a keyed hash."""

    __tablename__ = "code_limits"

    number: Mapped[str] = mapped_column(String(64), primary_key=True)
    minute: Mapped[int] = mapped_column(BigInteger)
    in_minute: Mapped[int]
    hour: Mapped[int] = mapped_column(BigInteger)
    in_hour: Mapped[int]
    day: Mapped[int] = mapped_column(BigInteger)
    in_day: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RecipientRow(Base):
    """A subject that identity has registered."""

    __tablename__ = "recipients"

    tenant_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    subject_id: Mapped[str] = mapped_column(String(64), primary_key=True)
