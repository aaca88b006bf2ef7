"""How many attempts may be under way at once: in all, for a tenant, for a webhook. Slow ones get the smaller part."""
from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

TOTAL, PER_TENANT, PER_WEBHOOK = 64, 16, 4
SLOW_TOTAL, SLOW_PER_TENANT, SLOW_PER_WEBHOOK = TOTAL // 2, PER_TENANT // 2, 1
SLOW_S = 2.0
MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery that could be tried now."""

    delivery_id: str
    tenant: str
    webhook_id: str


class Bulkheads:
    """Attempts under way in this process. A webhook is slow from an attempt that took long until a quick one."""

    def __init__(self) -> None:
        self._under_way: dict[str, tuple[Due, bool]] = {}
        self._slow: set[str] = set()
        self._tenants: Counter[str] = Counter()
        self._slow_tenants: Counter[str] = Counter()
        self._webhooks: Counter[str] = Counter()
        self._tenant_of: dict[str, str] = {}

    @property
    def under_way(self) -> int:
        return len(self._under_way)

    @property
    def room(self) -> int:
        return TOTAL - len(self._under_way)

    def full_tenants(self) -> Collection[str]:
        return {tenant for tenant, count in self._tenants.items() if count >= PER_TENANT}

    def full_webhooks(self) -> Collection[str]:
        """Those that have no room, slow ones whose part is full included."""
        full = {webhook for webhook, count in self._webhooks.items() if count >= self._most(webhook)}
        is_full = self._slow_tenants.total() >= SLOW_TOTAL
        return full | {
            webhook for webhook in self._slow
            if is_full or self._slow_tenants[self._tenant_of[webhook]] >= SLOW_PER_TENANT
        }

    def enter(self, due: Due) -> bool:
        """Take a place for an attempt; False when there is no room for it."""
        if due.delivery_id in self._under_way:
            return False  # its claim has run out, and it is not back yet
        if self.room <= 0 or due.tenant in self.full_tenants() or due.webhook_id in self.full_webhooks():
            return False
        is_slow = due.webhook_id in self._slow
        self._under_way[due.delivery_id] = (due, is_slow)
        self._tenants[due.tenant] += 1
        self._webhooks[due.webhook_id] += 1
        if is_slow:
            self._slow_tenants[due.tenant] += 1
        return True

    def leave(self, delivery_id: str, *, took_s: float = 0.0) -> None:
        due, was_slow = self._under_way.pop(delivery_id)
        _less(self._tenants, due.tenant)
        _less(self._webhooks, due.webhook_id)
        if was_slow:
            _less(self._slow_tenants, due.tenant)
        self._judge(due, took_s)

    def _judge(self, due: Due, took_s: float) -> None:
        if took_s < SLOW_S:
            self._slow.discard(due.webhook_id)
            self._tenant_of.pop(due.webhook_id, None)
        elif len(self._slow) < MOST_REMEMBERED:
            self._slow.add(due.webhook_id)
            self._tenant_of[due.webhook_id] = due.tenant

    def _most(self, webhook_id: str) -> int:
        return SLOW_PER_WEBHOOK if webhook_id in self._slow else PER_WEBHOOK


def _less(counter: Counter[str], key: str) -> None:
    counter[key] -= 1
    if counter[key] <= 0:
        del counter[key]
