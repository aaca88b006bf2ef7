"""Tables of webhooks and their deliveries."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shared_components.db import Base, Json, UtcDateTime

_TO_BE_SENT = text("state = 'pending'")


class WebhookRow(Base):
    """secret is a ciphertext, bound to the webhook's id. app: None for all apps of the tenant."""

    __tablename__ = "webhooks"
    __table_args__ = (Index("ix_webhooks_tenant", "tenant_id", "app", "webhook_id"),)
    webhook_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    app: Mapped[str | None] = mapped_column(String(64))
    url: Mapped[str] = mapped_column(String(1000))
    events: Mapped[list[str]] = mapped_column(Json)
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    secret_version: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_success_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    suspended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WebhookDeliveryRow(Base):
    """One event to one webhook, once. body: exactly what is sent."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("webhook_id", "event_id"),
        Index("ix_webhook_deliveries_tenant", "tenant_id", "delivery_id"),
        Index("ix_webhook_deliveries_due", "next_attempt_at",
              postgresql_where=_TO_BE_SENT, sqlite_where=_TO_BE_SENT),
        Index("ix_webhook_deliveries_created", "created_at"),
    )
    delivery_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    webhook_id: Mapped[str] = mapped_column(String(40))
    event_id: Mapped[str] = mapped_column(String(64))
    event_type: Mapped[str] = mapped_column(String(64))
    order_id: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_attempt_at: Mapped[datetime] = mapped_column(UtcDateTime)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int]
    tries: Mapped[int]
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_status: Mapped[int | None]
    last_failure: Mapped[str | None] = mapped_column(String(40))


class WebhookAttemptRow(Base):
    """The log of attempts: codes and times, nothing of what was said."""

    __tablename__ = "webhook_attempts"
    delivery_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[int | None]
    failure: Mapped[str | None] = mapped_column(String(40))
    duration_ms: Mapped[int]
