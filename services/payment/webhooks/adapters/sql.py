"""Webhooks and their deliveries in the database. Secrets are encrypted, bound to their webhook."""
from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from services.payment.common.adapters.field_cipher import FieldCipher
from services.payment.common.adapters.sql import among, changed_rows, table_of, upsert_into
from services.payment.orders.adapters.sql.rows import ORDERS
from services.payment.webhooks.domain import webhook as hooks
from services.payment.webhooks.domain.bulkheads import Due
from services.payment.webhooks.domain.webhook import Delivery, Outcome, Sent, Webhook
from services.payment.webhooks.models import WebhookAttemptRow, WebhookDeliveryRow, WebhookRow
from shared_components.db import hold_key
from shared_components.security import Undecryptable

log = logging.getLogger(__name__)

W = table_of(WebhookRow)
D = table_of(WebhookDeliveryRow)
A = table_of(WebhookAttemptRow)
PLAIN = tuple(column.name for column in W.columns if column.name not in ("tenant_id", "secret"))
DELIVERY = tuple(column.name for column in D.columns if column.name != "tenant_id")


class SqlWebhooks:
    def __init__(self, session: Session, cipher: FieldCipher) -> None:
        self._session = session
        self._cipher = cipher

    def add(self, webhook: Webhook) -> None:
        self._session.execute(insert(W).values(self._values(webhook)))

    def save(self, webhook: Webhook) -> None:
        self._session.execute(update(W).where(W.c.webhook_id == webhook.webhook_id).values(self._values(webhook)))

    def remove(self, webhook_id: str) -> None:
        self._session.execute(delete(D).where(D.c.webhook_id == webhook_id, D.c.state == hooks.PENDING))
        self._session.execute(delete(W).where(W.c.webhook_id == webhook_id))

    def get(self, tenant: str, webhook_id: str) -> Webhook | None:
        row = self._session.execute(select(W).where(W.c.tenant_id == tenant, W.c.webhook_id == webhook_id)).first()
        return None if row is None else webhook_of(row, self._cipher)

    def page(self, tenant: str, *, apps: Collection[str] | None, after: str | None, limit: int) -> list[Webhook]:
        query = select(W).where(W.c.tenant_id == tenant)
        if apps is not None:
            query = query.where(W.c.app.in_(apps))
        if after is not None:
            query = query.where(W.c.webhook_id > after)
        rows = self._session.execute(query.order_by(W.c.webhook_id).limit(limit))
        return [webhook_of(row, self._cipher) for row in rows]

    def count_alone(self, tenant: str, app: str | None) -> int:
        hold_key(self._session, "webhooks", tenant, app or "*")
        return self._session.scalar(select(func.count()).where(W.c.tenant_id == tenant, W.c.app == app)) or 0

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

    def succeeded(self, webhook_id: str, at: datetime) -> None:
        self._session.execute(update(W).where(W.c.webhook_id == webhook_id).values(last_success_at=at))

    def suspend(self, webhook_id: str, at: datetime) -> bool:
        active = update(W).where(W.c.webhook_id == webhook_id, W.c.state == hooks.ACTIVE)
        return changed_rows(self._session, active.values(state=hooks.SUSPENDED, suspended_at=at)) == 1

    def _values(self, webhook: Webhook) -> dict[str, Any]:
        values = {name: getattr(webhook, name) for name in PLAIN}
        values |= {"events": list(webhook.events), "tenant_id": webhook.tenant}
        if webhook.secret is not None:
            values["secret"] = self._cipher.encrypt(webhook.secret, aad=_secret_of(webhook.webhook_id))
        return values


class SqlDeliveries:
    def __init__(self, session: Session, cipher: FieldCipher) -> None:
        self._session = session
        self._cipher = cipher

    def add(self, deliveries: Sequence[Delivery]) -> None:
        if deliveries:
            rows = [
                {"tenant_id": each.tenant, **{name: getattr(each, name) for name in DELIVERY}} for each in deliveries
            ]
            self._session.execute(upsert_into(self._session, D).values(rows).on_conflict_do_nothing())

    def get(self, tenant: str, delivery_id: str) -> Delivery | None:
        row = self._session.execute(select(D).where(D.c.tenant_id == tenant, D.c.delivery_id == delivery_id)).first()
        return None if row is None else _delivery(row)

    def page(
        self, tenant: str, *, apps: Collection[str] | None, webhook_id: str | None, order_id: str | None,
        state: str | None, before: str | None, limit: int,
    ) -> list[Delivery]:
        query = select(D).where(D.c.tenant_id == tenant)
        for name, value in (("webhook_id", webhook_id), ("order_id", order_id), ("state", state)):
            if value is not None:
                query = query.where(D.c[name] == value)
        if apps is not None:
            own = select(W.c.webhook_id).where(W.c.tenant_id == tenant, W.c.app.in_(apps))
            query = query.where(D.c.webhook_id.in_(own))
        if before is not None:
            query = query.where(D.c.delivery_id < before)
        return [_delivery(row) for row in self._session.execute(query.order_by(D.c.delivery_id.desc()).limit(limit))]

    def due(
        self, at: datetime, *, limit: int, per_webhook: int, per_tenant: int, not_tenants: Collection[str],
        not_webhooks: Collection[str],
    ) -> list[Due]:
        def place(column: Any) -> Any:
            return func.row_number().over(partition_by=column, order_by=D.c.next_attempt_at)

        active = select(W.c.webhook_id).where(W.c.state == hooks.ACTIVE)
        of_webhook = select(D.c.delivery_id, D.c.tenant_id, D.c.webhook_id, D.c.next_attempt_at,
                            place(D.c.webhook_id).label("place"))
        found = of_webhook.where(
            *_due(at), D.c.webhook_id.in_(active), D.c.webhook_id.not_in(sorted(not_webhooks)),
            D.c.tenant_id.not_in(sorted(not_tenants)),
        ).subquery()
        few = (
            select(found, func.row_number().over(
                partition_by=found.c.tenant_id, order_by=found.c.next_attempt_at).label("tenant_place"))
            .where(found.c.place <= per_webhook).subquery()
        )
        first = select(few.c.delivery_id, few.c.tenant_id, few.c.webhook_id).where(few.c.tenant_place <= per_tenant)
        rows = self._session.execute(first.order_by(few.c.next_attempt_at).limit(limit))
        return [Due(*row) for row in rows]

    def claim(self, delivery_ids: Collection[str], at: datetime, *, until: datetime) -> list[tuple[Delivery, Webhook]]:
        # Who comes second finds the row's time moved on: the condition is judged again on the row as it is then.
        claimed = (
            update(D)
            .where(D.c.delivery_id.in_(sorted(delivery_ids)), *_due(at))
            .values(attempts=D.c.attempts + 1, tries=D.c.tries + 1, next_attempt_at=until)
            .returning(*D.columns)
        )
        deliveries = [_delivery(row) for row in self._session.execute(claimed)]
        rows = self._session.execute(select(W).where(W.c.webhook_id.in_({each.webhook_id for each in deliveries})))
        webhooks = {row.webhook_id: webhook_of(row, self._cipher) for row in rows}
        return [(each, webhooks[each.webhook_id]) for each in deliveries if each.webhook_id in webhooks]

    def conclude(self, delivery: Delivery, sent: Sent, outcome: Outcome, at: datetime) -> bool:
        self._session.execute(insert(A).values(
            delivery_id=delivery.delivery_id, attempt=delivery.attempts, tenant_id=delivery.tenant, at=at,
            status=sent.status, failure=sent.failure, duration_ms=sent.duration_ms,
        ))
        still_open = update(D).where(D.c.delivery_id == delivery.delivery_id, D.c.state == hooks.PENDING)
        values: dict[str, Any] = {
            "state": outcome.state, "next_attempt_at": outcome.next_attempt_at, "last_status": sent.status,
            "last_failure": sent.failure,
        }
        if sent.taken:
            values["delivered_at"] = at
        else:
            # Repeated by hand meanwhile: that attempt's word counts, not this one's.
            still_open = still_open.where(D.c.attempts == delivery.attempts, D.c.tries == delivery.tries)
        return changed_rows(self._session, still_open.values(values)) == 1

    def repeat(self, delivery_id: str, at: datetime) -> None:
        self._session.execute(
            update(D).where(D.c.delivery_id == delivery_id)
            .values(state=hooks.PENDING, tries=0, begun_at=at, next_attempt_at=at)
        )

    def forget(self, before: datetime, limit: int) -> int:
        old = select(D.c.delivery_id).where(D.c.state != hooks.PENDING, D.c.created_at < before).limit(limit)
        ids = list(self._session.scalars(old))
        self._session.execute(delete(A).where(A.c.delivery_id.in_(ids)))
        self._session.execute(delete(D).where(D.c.delivery_id.in_(ids)))
        return len(ids)


def _due(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return D.c.state == hooks.PENDING, D.c.next_attempt_at <= at


def webhook_of(row: Any, cipher: FieldCipher) -> Webhook:
    facts = {name: getattr(row, name) for name in PLAIN}
    return Webhook(tenant=row.tenant_id, secret=_decrypted(row, cipher), **facts)


def _decrypted(row: Any, cipher: FieldCipher) -> str | None:
    """Decrypt a secret; None and a log entry for one that is lost, so that others are still read."""
    try:
        return cipher.decrypt(row.secret, aad=_secret_of(row.webhook_id))
    except Undecryptable as error:
        log.error("payment.webhook.undecryptable", extra={"webhook_id": row.webhook_id, "code": error.code})
        return None


def _secret_of(webhook_id: str) -> str:
    return f"{webhook_id}/secret"


def _delivery(row: Any) -> Delivery:
    return Delivery(tenant=row.tenant_id, **{name: getattr(row, name) for name in DELIVERY})
