"""Webhooks and their deliveries in the database. Secrets are encrypted, bound to their webhook."""
from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from services.payment.common.adapters.field_cipher import FieldCipher
from services.payment.common.adapters.owned import made_by, searched, webhook_facts
from services.payment.common.adapters.sql import among, changed_rows, upsert_into
from services.payment.orders.adapters.sql.rows import ORDERS
from services.payment.webhooks.domain import webhook as hooks
from services.payment.webhooks.domain.bulkheads import Due
from services.payment.webhooks.domain.errors import delivery_unknown, webhook_unknown
from services.payment.webhooks.domain.ports import DeliveryFilter, WebhookFilter
from services.payment.webhooks.domain.webhook import Delivery, Outcome, Sent, Webhook
from services.payment.webhooks.models import WebhookAttemptRow, WebhookDeliveryRow, WebhookRow
from shared_components.db import hold_key, table_of
from shared_components.db.load_many import Columns, Lists, Reading, load_lists, open_found
from shared_components.kernel.calls import CallContext
from shared_components.security import Undecryptable
from shared_components.security.authority import Facts
from shared_components.security.authority.search import searched_tenant

log = logging.getLogger(__name__)

W = table_of(WebhookRow)
D = table_of(WebhookDeliveryRow)
A = table_of(WebhookAttemptRow)
PLAIN = tuple(column.name for column in W.columns if column.name not in ("tenant_id", "secret"))
DELIVERY = tuple(column.name for column in D.columns if column.name != "tenant_id")


# A delivery is its webhook's; one whose webhook was removed stays in the log.
OF_WEBHOOKS = select(D, W.c.app).join_from(D, W, D.c.webhook_id == W.c.webhook_id, isouter=True)


def _in_order(asked: Columns) -> Select[Any]:
    query = select(W).where(W.c.tenant_id == asked["tenant"], *made_by(W.c.app, asked))
    if "after" in asked:
        query = query.where(W.c.webhook_id > asked["after"])
    return query.order_by(W.c.webhook_id)


def _newest_first(asked: Columns) -> Select[Any]:
    query = OF_WEBHOOKS.where(D.c.tenant_id == asked["tenant"], *made_by(W.c.app, asked))
    for name in ("webhook_id", "order_id", "state"):
        if name in asked:
            query = query.where(D.c[name] == asked[name])
    if "before" in asked:
        query = query.where(D.c.delivery_id < asked["before"])
    return query.order_by(D.c.delivery_id.desc())


IN_ORDER, NEWEST_FIRST = Lists(_in_order), Lists(_newest_first)


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
        return None if row is None else self._whole(row)

    def lock_for(self, context: CallContext, webhook_id: str) -> Webhook:
        query = select(W).where(W.c.tenant_id == searched_tenant(context), W.c.webhook_id == webhook_id)
        row = self._session.execute(query.with_for_update()).first()
        sealed = None if row is None else Reading(_facts, self._whole).seal(row)
        return open_found(context, sealed, webhook_unknown(webhook_id))

    def pages(self, asked: Sequence[tuple[CallContext, WebhookFilter]]) -> list[list[Webhook]]:
        return load_lists(self._session, IN_ORDER, [
            (context, {**searched(context), "after": wanted.after}, wanted.limit) for context, wanted in asked], SHOWN)

    def _whole(self, row: Any) -> Webhook:
        return webhook_of(row, self._cipher)

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

    def lock_for(self, context: CallContext, delivery_id: str) -> Delivery:
        query = OF_WEBHOOKS.where(
            D.c.tenant_id == searched_tenant(context), D.c.delivery_id == delivery_id, W.c.webhook_id.is_not(None))
        row = self._session.execute(query.with_for_update(of=D)).first()
        return open_found(context, None if row is None else SENT.seal(row), delivery_unknown(delivery_id))

    def pages(self, asked: Sequence[tuple[CallContext, DeliveryFilter]]) -> list[list[Delivery]]:
        return load_lists(self._session, NEWEST_FIRST, [
            (context, {
                **searched(context), "webhook_id": wanted.webhook_id, "order_id": wanted.order_id,
                "state": wanted.state, "before": wanted.before,
            }, wanted.limit)
            for context, wanted in asked], SENT)

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

    def repeat(self, delivery: Delivery) -> None:
        names = ("state", "tries", "begun_at", "next_attempt_at")
        self._session.execute(
            update(D).where(D.c.delivery_id == delivery.delivery_id)
            .values({name: getattr(delivery, name) for name in names}))

    def forget(self, before: datetime, limit: int) -> int:
        old = select(D.c.delivery_id).where(D.c.state != hooks.PENDING, D.c.created_at < before).limit(limit)
        ids = list(self._session.scalars(old))
        self._session.execute(delete(A).where(A.c.delivery_id.in_(ids)))
        self._session.execute(delete(D).where(D.c.delivery_id.in_(ids)))
        return len(ids)


def _due(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return D.c.state == hooks.PENDING, D.c.next_attempt_at <= at


def webhook_of(row: Any, cipher: FieldCipher) -> Webhook:
    return _webhook(row, _decrypted(row, cipher))


def _webhook(row: Any, secret: str | None) -> Webhook:
    return Webhook(tenant=row.tenant_id, secret=secret, **{name: getattr(row, name) for name in PLAIN})


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


def _facts(row: Any) -> Facts:
    return webhook_facts(row.tenant_id, row.app)


SHOWN = Reading(_facts, lambda row: _webhook(row, None))
SENT = Reading(_facts, _delivery)
