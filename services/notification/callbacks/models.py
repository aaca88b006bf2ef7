"""Tables of webhooks and their deliveries."""
from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from shared_components.db import Base
from shared_components.webhooks.tables import (
    AttemptColumns,
    DeliveryColumns,
    WebhookColumns,
    delivery_indexes,
    webhook_indexes,
)


class WebhookRow(WebhookColumns, Base):
    __tablename__ = "webhooks"
    __table_args__ = webhook_indexes()


class WebhookDeliveryRow(DeliveryColumns, Base):
    """about: id of the message, case or licence that the event is about."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = delivery_indexes()
    about: Mapped[str] = mapped_column(String(64))


class WebhookAttemptRow(AttemptColumns, Base):
    __tablename__ = "webhook_attempts"
