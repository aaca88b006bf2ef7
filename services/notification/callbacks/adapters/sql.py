"""Webhooks, and which of them an event concerns, in the database."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.notification.callbacks.models import WebhookAttemptRow, WebhookDeliveryRow, WebhookRow
from services.notification.callbacks.usecases.keep import Subscriber
from services.notification.messages.models import MessageRow
from shared_components.db import table_of
from shared_components.security import Secrets
from shared_components.webhooks.errors import WebhookErrors
from shared_components.webhooks.sql import SqlDeliveries, SqlWebhooks, WebhookTables

W, M = table_of(WebhookRow), table_of(MessageRow)
TABLES = WebhookTables(
    W, table_of(WebhookDeliveryRow), table_of(WebhookAttemptRow), about="about", errors=WebhookErrors())


class SqlAppWebhooks(SqlWebhooks):
    """Webhooks that are told of messages, cases and licences."""

    def __init__(self, session: Session, secrets: Secrets) -> None:
        super().__init__(session, secrets.fields, TABLES)

    def subscribers(self, tenants: Collection[str]) -> Sequence[Subscriber]:
        query = select(W.c.webhook_id, W.c.tenant_id, W.c.app, W.c.events).where(W.c.tenant_id.in_(sorted(tenants)))
        rows = self._session.execute(query.order_by(W.c.webhook_id))
        return [Subscriber(row.webhook_id, row.tenant_id, row.app, tuple(row.events)) for row in rows]

    def apps_of_messages(self, message_ids: Collection[str]) -> Mapping[str, str]:
        query = select(M.c.message_id, M.c.app).where(M.c.message_id.in_(sorted(message_ids)))
        return {row.message_id: row.app for row in self._session.execute(query)}


class SqlAppDeliveries(SqlDeliveries):
    """Deliveries of events of any component."""

    def __init__(self, session: Session, secrets: Secrets) -> None:
        super().__init__(session, secrets.fields, TABLES)
