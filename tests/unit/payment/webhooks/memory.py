"""Webhooks and their deliveries in memory."""
from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.payment.webhooks.domain.errors import ERRORS
from shared_components.db.load_many import open_found, open_row
from shared_components.kernel.calls import CallContext
from shared_components.security.authority import Sealed
from shared_components.webhooks import webhook as hooks
from shared_components.webhooks.bulkheads import Due
from shared_components.webhooks.facts import webhook_facts
from shared_components.webhooks.ports import DeliveryFilter, WebhookFilter
from shared_components.webhooks.webhook import Delivery, Outcome, Sent, Webhook


def _sealed(webhook: Webhook) -> Sealed[Webhook]:
    return Sealed(webhook_facts(webhook.tenant, webhook.app), lambda: webhook)


class MemoryWebhooks:
    def __init__(self, store: Any) -> None:
        self._store = store

    def add(self, webhook: Webhook) -> None:
        self._store.webhooks[webhook.webhook_id] = webhook

    def save(self, webhook: Webhook) -> None:
        kept = self._store.webhooks[webhook.webhook_id].secret
        self.add(replace(webhook, secret=kept) if webhook.secret is None else webhook)

    def remove(self, webhook_id: str) -> None:
        del self._store.webhooks[webhook_id]
        for each in list(self._store.deliveries.values()):
            if (each.webhook_id, each.state) == (webhook_id, hooks.PENDING):
                del self._store.deliveries[each.delivery_id]

    def get(self, tenant: str, webhook_id: str) -> Webhook | None:
        found: Webhook | None = self._store.webhooks.get(webhook_id)
        return found if found is not None and found.tenant == tenant else None

    def lock_for(self, context: CallContext, webhook_id: str) -> Webhook:
        found = self._store.webhooks.get(webhook_id)
        return open_found(context, None if found is None else _sealed(found), ERRORS.webhook_unknown(webhook_id))

    def pages(self, asked: Sequence[tuple[CallContext, WebhookFilter]]) -> list[list[Webhook]]:
        return [self._page(context, wanted) for context, wanted in asked]

    def _page(self, context: CallContext, wanted: WebhookFilter) -> list[Webhook]:
        opened = [open_row(context, _sealed(w)) for w in self._store.webhooks.values()]
        found = [w for w in opened if w is not None and (wanted.after is None or w.webhook_id > wanted.after)]
        return sorted(found, key=lambda w: w.webhook_id)[: wanted.limit]

    def count_alone(self, tenant: str, app: str | None) -> int:
        return sum(w.app == app for w in self._of(tenant))

    def subscribed(self, tenant: str, event_type: str, order_ids: Collection[str]) -> dict[str, list[str]]:
        told = [w for w in self._of(tenant) if event_type in w.events]
        found = {
            order_id: [w.webhook_id for w in told if w.app in (None, self._store.orders[order_id].app)]
            for order_id in order_ids
        }
        return {order_id: ids for order_id, ids in found.items() if ids}

    def succeeded(self, webhook_id: str, at: datetime) -> None:
        self._store.webhooks[webhook_id] = replace(self._store.webhooks[webhook_id], last_success_at=at)

    def suspend(self, webhook_id: str, at: datetime) -> bool:
        known = self._store.webhooks[webhook_id]
        if known.state != hooks.ACTIVE:
            return False
        self._store.webhooks[webhook_id] = replace(known, state=hooks.SUSPENDED, suspended_at=at)
        return True

    def _of(self, tenant: str) -> list[Webhook]:
        return [w for w in self._store.webhooks.values() if w.tenant == tenant]


class MemoryDeliveries:
    def __init__(self, store: Any, tenant: str) -> None:
        self._store = store
        self._tenant = tenant

    def add(self, deliveries: Sequence[Delivery]) -> None:
        known = {(d.webhook_id, d.event_id) for d in self._store.deliveries.values()}
        for each in deliveries:
            if (each.webhook_id, each.event_id) not in known:
                self._store.deliveries[each.delivery_id] = each

    def lock_for(self, context: CallContext, delivery_id: str) -> Delivery:
        found = self._store.deliveries.get(delivery_id)
        there = found is not None and found.webhook_id in self._store.webhooks
        return open_found(context, self._sealed(found) if there else None, ERRORS.delivery_unknown(delivery_id))

    def pages(self, asked: Sequence[tuple[CallContext, DeliveryFilter]]) -> list[list[Delivery]]:
        return [self._page(context, wanted) for context, wanted in asked]

    def _page(self, context: CallContext, wanted: DeliveryFilter) -> list[Delivery]:
        opened = [open_row(context, self._sealed(d)) for d in self._store.deliveries.values()]
        found = [
            d for d in opened
            if d is not None and wanted.webhook_id in (None, d.webhook_id) and wanted.about in (None, d.about)
            and wanted.state in (None, d.state) and (wanted.before is None or d.delivery_id < wanted.before)
        ]
        return sorted(found, key=lambda d: d.delivery_id, reverse=True)[: wanted.limit]

    def _sealed(self, delivery: Delivery) -> Sealed[Delivery]:
        webhook = self._store.webhooks.get(delivery.webhook_id)
        return Sealed(webhook_facts(delivery.tenant, webhook and webhook.app), lambda: delivery)

    def due(
        self, at: datetime, *, limit: int, per_webhook: int, per_tenant: int, not_tenants: Collection[str],
        not_webhooks: Collection[str],
    ) -> list[Due]:
        taken: Counter[str] = Counter()
        found = []
        for each in sorted(self._store.deliveries.values(), key=lambda d: d.next_attempt_at):
            if not self._is_due(each, at) or each.tenant in not_tenants or each.webhook_id in not_webhooks:
                continue
            if taken[each.webhook_id] < per_webhook and taken[each.tenant] < per_tenant:
                taken.update((each.webhook_id, each.tenant))
                found.append(Due(each.delivery_id, each.tenant, each.webhook_id))
        return found[:limit]

    def claim(self, delivery_ids: Collection[str], at: datetime, *, until: datetime) -> list[tuple[Delivery, Webhook]]:
        claimed = []
        for each in [self._store.deliveries[delivery_id] for delivery_id in sorted(delivery_ids)]:
            if self._is_due(each, at):
                tried = replace(each, attempts=each.attempts + 1, tries=each.tries + 1, next_attempt_at=until)
                self._store.deliveries[each.delivery_id] = tried
                claimed.append((tried, self._store.webhooks[each.webhook_id]))
        return claimed

    def _is_due(self, each: Delivery, at: datetime) -> bool:
        webhook = self._store.webhooks.get(each.webhook_id)
        is_active = webhook is not None and webhook.state == hooks.ACTIVE and self._tenant in ("*", each.tenant)
        return is_active and each.state == hooks.PENDING and each.next_attempt_at <= at

    def conclude(self, delivery: Delivery, sent: Sent, outcome: Outcome, at: datetime) -> bool:
        now = self._store.deliveries.get(delivery.delivery_id)
        key = (delivery.attempts, delivery.tries)
        if now is None or now.state != hooks.PENDING or (not sent.taken and (now.attempts, now.tries) != key):
            return False
        self._store.deliveries[delivery.delivery_id] = replace(
            now, state=outcome.state, next_attempt_at=outcome.next_attempt_at, last_status=sent.status,
            last_failure=sent.failure, delivered_at=at if sent.taken else now.delivered_at,
        )
        return True

    def repeat(self, delivery: Delivery) -> None:
        self._store.deliveries[delivery.delivery_id] = delivery

    def forget(self, before: datetime, limit: int) -> int:
        old = [
            d.delivery_id for d in self._store.deliveries.values()
            if d.state != hooks.PENDING and d.created_at < before
        ][:limit]
        for delivery_id in old:
            del self._store.deliveries[delivery_id]
        return len(old)
