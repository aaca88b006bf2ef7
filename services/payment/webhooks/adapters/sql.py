"""Webhooks of payment in its database."""
from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.payment.common.adapters.field_cipher import FieldCipher
from services.payment.common.adapters.sql import among
from services.payment.orders.adapters.sql.rows import ORDERS
from services.payment.webhooks.domain.errors import ERRORS
from services.payment.webhooks.models import WebhookAttemptRow, WebhookDeliveryRow, WebhookRow
from shared_components.db import table_of
from shared_components.webhooks.sql import SqlDeliveries, SqlWebhooks, WebhookTables

W = table_of(WebhookRow)
TABLES = WebhookTables(
    W, table_of(WebhookDeliveryRow), table_of(WebhookAttemptRow), about="order_id", errors=ERRORS)


class SqlOrderWebhooks(SqlWebhooks):
    """Webhooks that are told of orders."""

    def __init__(self, session: Session, cipher: FieldCipher) -> None:
        super().__init__(session, cipher, TABLES)

    def subscribed(self, tenant: str, event_type: str, order_ids: Collection[str]) -> dict[str, list[str]]:
        query = (
            select(ORDERS.c.order_id, W.c.webhook_id, W.c.events)
            .join_from(W, ORDERS, or_(W.c.app.is_(None), W.c.app == ORDERS.c.app))
            .where(W.c.tenant_id == tenant, among(self._session, ORDERS.c.order_id, order_ids))
            .order_by(W.c.webhook_id)
        )
        found: dict[str, list[str]] = {}
        for row in self._session.execute(query):
            if event_type in row.events:
                found.setdefault(row.order_id, []).append(row.webhook_id)
        return found


class SqlOrderDeliveries(SqlDeliveries):
    """Deliveries of events of orders."""

    def __init__(self, session: Session, cipher: FieldCipher) -> None:
        super().__init__(session, cipher, TABLES)
