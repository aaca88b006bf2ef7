"""Tables of orders, refunds and what channels say of them."""
from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shared_components.db import Base, OrderedJson, UtcDateTime

# A signed address of Alipay is long. SQLite keeps no lengths, and could only be told by writing the whole table anew.
_PAY_URL = String(1000).with_variant(String(4000), "postgresql")
_OPEN_ORDER = text("state IN ('created', 'pending')")
_TO_BE_ASKED = text("query_at IS NOT NULL")
_OPEN_REFUND = text("state IN ('requested', 'submitted')")
_HAS_REFERENCE = text("reference IS NOT NULL")
_HAS_SUBJECT = text("payer_subject IS NOT NULL")
_IS_COMPLETED = text("completed_at IS NOT NULL")


class OrderRow(Base):
    """payer_name is a ciphertext, bound to the order's id. query_at: when to ask the channel next, if there is need."""

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("pay_code"),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("paid_minor = 0 OR paid_minor = amount_minor", name="paid_in_full"),
        CheckConstraint("refunded_minor >= 0 AND refund_pending_minor >= 0", name="refunds_not_negative"),
        CheckConstraint("refunded_minor + refund_pending_minor <= paid_minor", name="refunds_within_paid"),
        Index("ix_orders_tenant", "tenant_id", "order_id"),
        Index("ix_orders_reference", "tenant_id", "reference", "order_id",
              postgresql_where=_HAS_REFERENCE, sqlite_where=_HAS_REFERENCE),
        Index("ix_orders_payer_subject", "tenant_id", "payer_subject", "order_id",
              postgresql_where=_HAS_SUBJECT, sqlite_where=_HAS_SUBJECT),
        Index("ix_orders_holder", "payer_subject", "order_id",
              postgresql_where=_HAS_SUBJECT, sqlite_where=_HAS_SUBJECT),
        Index("ix_orders_open", "expires_at", postgresql_where=_OPEN_ORDER, sqlite_where=_OPEN_ORDER),
        Index("ix_orders_unanswered", "query_at", postgresql_where=_TO_BE_ASKED, sqlite_where=_TO_BE_ASKED),
    )
    order_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    app: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(20))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    pay_code: Mapped[str] = mapped_column(String(20))
    collecting_unit: Mapped[str] = mapped_column(String(64))
    division: Mapped[str] = mapped_column(String(6))
    payer_subject: Mapped[str | None] = mapped_column(String(64))
    payer_name: Mapped[bytes] = mapped_column(LargeBinary)
    reference: Mapped[str | None] = mapped_column(String(128))
    return_url: Mapped[str | None] = mapped_column(String(1000))
    metadata_: Mapped[dict[str, Any]] = mapped_column("metadata", OrderedJson)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    paid_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paid_minor: Mapped[int] = mapped_column(BigInteger)
    refunded_minor: Mapped[int] = mapped_column(BigInteger)
    refund_pending_minor: Mapped[int] = mapped_column(BigInteger)
    channel: Mapped[str | None] = mapped_column(String(20))
    pay_url: Mapped[str | None] = mapped_column(_PAY_URL)
    query_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    query_attempts: Mapped[int]
    sequence: Mapped[int]


class OrderLineRow(Base):
    """The price as it was when ordered, with the fee item's version it came from."""

    __tablename__ = "order_lines"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("amount_minor = price_minor * quantity", name="amount_is_product"),
    )
    order_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    line_no: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    item_code: Mapped[str] = mapped_column(String(64))
    item_version: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    unit: Mapped[str] = mapped_column(String(20))
    quantity: Mapped[int]
    price_minor: Mapped[int] = mapped_column(BigInteger)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    limit_date: Mapped[date | None]
    overdue_days: Mapped[int]


class RefundRow(Base):
    __tablename__ = "refunds"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("kind IN ('order', 'suspense')", name="kind_known"),
        Index("ix_refunds_order", "order_id"),
        Index("ix_refunds_open", "next_attempt_at", postgresql_where=_OPEN_REFUND, sqlite_where=_OPEN_REFUND),
        Index("ix_refunds_completed", "tenant_id", "channel", "completed_at",
              postgresql_where=_IS_COMPLETED, sqlite_where=_IS_COMPLETED),
    )
    refund_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    order_id: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    reason: Mapped[str] = mapped_column(String(200))
    channel: Mapped[str] = mapped_column(String(20))
    trade_no: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_attempt_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int]
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[str | None] = mapped_column(String(200))


class ChannelPaymentRow(Base):
    """Each trade of a channel once, for ever: the guard against counting money twice."""

    __tablename__ = "channel_payments"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("disposition IN ('settled', 'suspense')", name="disposition_known"),
        Index("ix_channel_payments_order", "order_id"),
        Index("ix_channel_payments_received", "tenant_id", "channel", "received_at"),
    )
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    trade_no: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    order_id: Mapped[str] = mapped_column(String(40))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    disposition: Mapped[str] = mapped_column(String(20))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ChannelEventRow(Base):
    """Each notification once, by the id that the channel gave it."""

    __tablename__ = "channel_events"
    __table_args__ = (Index("ix_channel_events_order", "order_id"),)
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    event_id: Mapped[str] = mapped_column(String(160), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    order_id: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
