"""Webhooks and their deliveries in a service's database. Secrets are encrypted, bound to their webhook."""
from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, cast

from sqlalchemy import ColumnElement, CursorResult, Executable, Select, Table, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from shared_components.db import hold_key
from shared_components.db.load_many import Columns, Lists, Reading, load_lists, open_found
from shared_components.kernel.apps import BEFORE_APPS
from shared_components.kernel.calls import CallContext
from shared_components.security import Undecryptable
from shared_components.security.authority import Facts
from shared_components.security.authority.search import search, searched_tenant
from shared_components.webhooks import webhook as hooks
from shared_components.webhooks.bulkheads import Due
from shared_components.webhooks.errors import WebhookErrors
from shared_components.webhooks.facts import webhook_facts
from shared_components.webhooks.ports import DeliveryFilter, WebhookFilter
from shared_components.webhooks.webhook import Delivery, Outcome, Sent, Webhook

log = logging.getLogger(__name__)


class Cipher(Protocol):
    """shared_components.security has one."""

    def encrypt(self, text: str, *, aad: str) -> bytes: ...

    def decrypt(self, data: bytes, *, aad: str) -> str: ...


class WebhookTables:
    """The tables of one service. about: the column of deliveries that names what the event is about."""

    def __init__(
        self, webhooks: Table, deliveries: Table, attempts: Table, *, about: str, errors: WebhookErrors,
    ) -> None:
        self.webhooks, self.deliveries, self.attempts = webhooks, deliveries, attempts
        self.about, self.errors = about, errors
        self.plain = tuple(column.name for column in webhooks.columns if column.name not in ("tenant_id", "secret"))
        self.of_delivery = tuple(
            column.name for column in deliveries.columns if column.name not in ("tenant_id", about))
        # A delivery is its webhook's; one whose webhook was removed stays in the log.
        self.of_webhooks = select(deliveries, webhooks.c.app).join_from(
            deliveries, webhooks, deliveries.c.webhook_id == webhooks.c.webhook_id, isouter=True)
        self.in_order, self.newest_first = Lists(self._in_order), Lists(self._newest_first)
        self.shown = Reading(_facts, lambda row: self.webhook(row, None))
        self.sent = Reading(_facts, self.delivery)

    def webhook(self, row: Any, secret: str | None) -> Webhook:
        return Webhook(tenant=row.tenant_id, secret=secret, **{name: getattr(row, name) for name in self.plain})

    def delivery(self, row: Any) -> Delivery:
        return Delivery(
            tenant=row.tenant_id, about=getattr(row, self.about),
            **{name: getattr(row, name) for name in self.of_delivery})

    def delivery_values(self, delivery: Delivery) -> dict[str, Any]:
        return {
            "tenant_id": delivery.tenant, self.about: delivery.about,
            **{name: getattr(delivery, name) for name in self.of_delivery}}

    def _in_order(self, asked: Columns) -> Select[Any]:
        table = self.webhooks
        query = select(table).where(table.c.tenant_id == asked["tenant"], *_made_by(table.c.app, asked))
        if "after" in asked:
            query = query.where(table.c.webhook_id > asked["after"])
        return query.order_by(table.c.webhook_id)

    def _newest_first(self, asked: Columns) -> Select[Any]:
        table = self.deliveries
        query = self.of_webhooks.where(
            table.c.tenant_id == asked["tenant"], *_made_by(self.webhooks.c.app, asked))
        for name, column in (("webhook_id", "webhook_id"), ("about", self.about), ("state", "state")):
            if name in asked:
                query = query.where(table.c[column] == asked[name])
        if "before" in asked:
            query = query.where(table.c.delivery_id < asked["before"])
        return query.order_by(table.c.delivery_id.desc())


def _facts(row: Any) -> Facts:
    return webhook_facts(row.tenant_id, row.app)


def _made_by(column: ColumnElement[Any], asked: Columns) -> list[ColumnElement[bool]]:
    return [or_(column == asked["maker"], column == BEFORE_APPS)] if "maker" in asked else []


def _searched(context: CallContext) -> Mapping[str, str | None]:
    return {"maker": search(context).maker}


def _changed_rows(session: Session, statement: Executable) -> int:
    return cast(CursorResult[Any], session.execute(statement)).rowcount


class SqlWebhooks:
    def __init__(self, session: Session, cipher: Cipher, tables: WebhookTables) -> None:
        self._session, self._cipher, self._tables = session, cipher, tables
        self._w, self._d, self._a = tables.webhooks, tables.deliveries, tables.attempts

    def add(self, webhook: Webhook) -> None:
        self._session.execute(insert(self._w).values(self._values(webhook)))

    def save(self, webhook: Webhook) -> None:
        chosen = update(self._w).where(self._w.c.webhook_id == webhook.webhook_id)
        self._session.execute(chosen.values(self._values(webhook)))

    def remove(self, webhook_id: str) -> None:
        waiting = delete(self._d).where(self._d.c.webhook_id == webhook_id, self._d.c.state == hooks.PENDING)
        self._session.execute(waiting)
        self._session.execute(delete(self._w).where(self._w.c.webhook_id == webhook_id))

    def get(self, tenant: str, webhook_id: str) -> Webhook | None:
        query = select(self._w).where(self._w.c.tenant_id == tenant, self._w.c.webhook_id == webhook_id)
        row = self._session.execute(query).first()
        return None if row is None else self._whole(row)

    def lock_for(self, context: CallContext, webhook_id: str) -> Webhook:
        query = select(self._w).where(
            self._w.c.tenant_id == searched_tenant(context), self._w.c.webhook_id == webhook_id)
        row = self._session.execute(query.with_for_update()).first()
        sealed = None if row is None else Reading(_facts, self._whole).seal(row)
        return open_found(context, sealed, self._tables.errors.webhook_unknown(webhook_id))

    def pages(self, asked: Sequence[tuple[CallContext, WebhookFilter]]) -> list[list[Webhook]]:
        return load_lists(self._session, self._tables.in_order, [
            (context, {**_searched(context), "after": wanted.after}, wanted.limit)
            for context, wanted in asked], self._tables.shown)

    def _whole(self, row: Any) -> Webhook:
        return webhook_of(row, self._cipher, self._tables)

    def count_alone(self, tenant: str, app: str | None) -> int:
        hold_key(self._session, "webhooks", tenant, app or "*")
        query = select(func.count()).where(self._w.c.tenant_id == tenant, self._w.c.app == app)
        return self._session.scalar(query) or 0

    def succeeded(self, webhook_id: str, at: datetime) -> None:
        self._session.execute(update(self._w).where(self._w.c.webhook_id == webhook_id).values(last_success_at=at))

    def suspend(self, webhook_id: str, at: datetime) -> bool:
        active = update(self._w).where(self._w.c.webhook_id == webhook_id, self._w.c.state == hooks.ACTIVE)
        return _changed_rows(self._session, active.values(state=hooks.SUSPENDED, suspended_at=at)) == 1

    def _values(self, webhook: Webhook) -> dict[str, Any]:
        values = {name: getattr(webhook, name) for name in self._tables.plain}
        values |= {"events": list(webhook.events), "tenant_id": webhook.tenant}
        if webhook.secret is not None:
            values["secret"] = self._cipher.encrypt(webhook.secret, aad=_secret_of(webhook.webhook_id))
        return values


class SqlDeliveries:
    def __init__(self, session: Session, cipher: Cipher, tables: WebhookTables) -> None:
        self._session, self._cipher, self._tables = session, cipher, tables
        self._w, self._d, self._a = tables.webhooks, tables.deliveries, tables.attempts

    def add(self, deliveries: Sequence[Delivery]) -> None:
        if deliveries:
            dialect = postgresql if self._session.get_bind().dialect.name == "postgresql" else sqlite
            rows = [self._tables.delivery_values(each) for each in deliveries]
            self._session.execute(dialect.insert(self._d).values(rows).on_conflict_do_nothing())

    def lock_for(self, context: CallContext, delivery_id: str) -> Delivery:
        query = self._tables.of_webhooks.where(
            self._d.c.tenant_id == searched_tenant(context), self._d.c.delivery_id == delivery_id,
            self._w.c.webhook_id.is_not(None))
        row = self._session.execute(query.with_for_update(of=self._d)).first()
        sealed = None if row is None else self._tables.sent.seal(row)
        return open_found(context, sealed, self._tables.errors.delivery_unknown(delivery_id))

    def pages(self, asked: Sequence[tuple[CallContext, DeliveryFilter]]) -> list[list[Delivery]]:
        return load_lists(self._session, self._tables.newest_first, [
            (context, {
                **_searched(context), "webhook_id": wanted.webhook_id, "about": wanted.about,
                "state": wanted.state, "before": wanted.before,
            }, wanted.limit)
            for context, wanted in asked], self._tables.sent)

    def due(
        self, at: datetime, *, limit: int, per_webhook: int, per_tenant: int, not_tenants: Collection[str],
        not_webhooks: Collection[str],
    ) -> list[Due]:
        def place(column: Any) -> Any:
            return func.row_number().over(partition_by=column, order_by=self._d.c.next_attempt_at)

        active = select(self._w.c.webhook_id).where(self._w.c.state == hooks.ACTIVE)
        of_webhook = select(self._d.c.delivery_id, self._d.c.tenant_id, self._d.c.webhook_id, self._d.c.next_attempt_at,
                            place(self._d.c.webhook_id).label("place"))
        found = of_webhook.where(
            *self._due(at), self._d.c.webhook_id.in_(active), self._d.c.webhook_id.not_in(sorted(not_webhooks)),
            self._d.c.tenant_id.not_in(sorted(not_tenants)),
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
            update(self._d)
            .where(self._d.c.delivery_id.in_(sorted(delivery_ids)), *self._due(at))
            .values(attempts=self._d.c.attempts + 1, tries=self._d.c.tries + 1, next_attempt_at=until)
            .returning(*self._d.columns)
        )
        deliveries = [self._tables.delivery(row) for row in self._session.execute(claimed)]
        query = select(self._w).where(self._w.c.webhook_id.in_({each.webhook_id for each in deliveries}))
        rows = self._session.execute(query)
        webhooks = {row.webhook_id: webhook_of(row, self._cipher, self._tables) for row in rows}
        return [(each, webhooks[each.webhook_id]) for each in deliveries if each.webhook_id in webhooks]

    def conclude(self, delivery: Delivery, sent: Sent, outcome: Outcome, at: datetime) -> bool:
        self._session.execute(insert(self._a).values(
            delivery_id=delivery.delivery_id, attempt=delivery.attempts, tenant_id=delivery.tenant, at=at,
            status=sent.status, failure=sent.failure, duration_ms=sent.duration_ms,
        ))
        still_open = update(self._d).where(
            self._d.c.delivery_id == delivery.delivery_id, self._d.c.state == hooks.PENDING)
        values: dict[str, Any] = {
            "state": outcome.state, "next_attempt_at": outcome.next_attempt_at, "last_status": sent.status,
            "last_failure": sent.failure,
        }
        if sent.taken:
            values["delivered_at"] = at
        else:
            # Repeated by hand meanwhile: that attempt's word counts, not this one's.
            still_open = still_open.where(self._d.c.attempts == delivery.attempts, self._d.c.tries == delivery.tries)
        return _changed_rows(self._session, still_open.values(values)) == 1

    def repeat(self, delivery: Delivery) -> None:
        names = ("state", "tries", "begun_at", "next_attempt_at")
        self._session.execute(
            update(self._d).where(self._d.c.delivery_id == delivery.delivery_id)
            .values({name: getattr(delivery, name) for name in names}))

    def forget(self, before: datetime, limit: int) -> int:
        old = select(self._d.c.delivery_id).where(self._d.c.state != hooks.PENDING, self._d.c.created_at < before)
        ids = list(self._session.scalars(old.limit(limit)))
        self._session.execute(delete(self._a).where(self._a.c.delivery_id.in_(ids)))
        self._session.execute(delete(self._d).where(self._d.c.delivery_id.in_(ids)))
        return len(ids)

    def _due(self, at: datetime) -> tuple[ColumnElement[bool], ...]:
        return self._d.c.state == hooks.PENDING, self._d.c.next_attempt_at <= at


def webhook_of(row: Any, cipher: Cipher, tables: WebhookTables) -> Webhook:
    return tables.webhook(row, _decrypted(row, cipher))


def _decrypted(row: Any, cipher: Cipher) -> str | None:
    """Decrypt a secret; None and a log entry for one that is lost, so that others are still read."""
    try:
        return cipher.decrypt(row.secret, aad=_secret_of(row.webhook_id))
    except Undecryptable as error:
        log.error("webhooks.webhook.undecryptable", extra={"webhook_id": row.webhook_id, "code": error.code})
        return None


def _secret_of(webhook_id: str) -> str:
    return f"{webhook_id}/secret"
