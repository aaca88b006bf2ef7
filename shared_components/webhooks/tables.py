"""Columns of the tables that a service keeps for webhooks; its `models.py` makes the tables of them."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shared_components.db.types import Json, UtcDateTime

_TO_BE_SENT = text("state = 'pending'")


class WebhookColumns:
    """secret is a ciphertext, bound to the webhook's id. app: None for all apps of the tenant."""

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


class DeliveryColumns:
    """One event to one webhook, once. body: exactly what is sent. Beside these a column for what the event is about."""

    delivery_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    webhook_id: Mapped[str] = mapped_column(String(40))
    event_id: Mapped[str] = mapped_column(String(64))
    event_type: Mapped[str] = mapped_column(String(64))
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


class AttemptColumns:
    """The log of attempts: codes and times, nothing of what was said."""

    delivery_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[int | None]
    failure: Mapped[str | None] = mapped_column(String(40))
    duration_ms: Mapped[int]


def webhook_indexes() -> tuple[Index]:
    return (Index("ix_webhooks_tenant", "tenant_id", "app", "webhook_id"),)


def delivery_indexes() -> tuple[UniqueConstraint | Index, ...]:
    return (
        UniqueConstraint("webhook_id", "event_id"),
        Index("ix_webhook_deliveries_tenant", "tenant_id", "delivery_id"),
        Index("ix_webhook_deliveries_due", "next_attempt_at", postgresql_where=_TO_BE_SENT, sqlite_where=_TO_BE_SENT),
        Index("ix_webhook_deliveries_created", "created_at"),
    )
