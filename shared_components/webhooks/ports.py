"""Ports of the webhooks."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from shared_components.webhooks.bulkheads import Due
from shared_components.webhooks.targets import TargetPolicy
from shared_components.webhooks.webhook import Delivery, Outcome, Sent, Webhook

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


@dataclass(frozen=True, slots=True)
class WebhookFilter:
    """The webhooks that a call lists. after: a webhook id, None from the first."""

    limit: int
    after: str | None = None


@dataclass(frozen=True, slots=True)
class DeliveryFilter:
    """The deliveries that a call lists; None is all. before: a delivery id."""

    limit: int
    before: str | None = None
    webhook_id: str | None = None
    about: str | None = None
    state: str | None = None


class Webhooks(Protocol):
    def add(self, webhook: Webhook) -> None: ...

    def save(self, webhook: Webhook) -> None:
        """Without a secret, the stored one stays."""
        ...

    def remove(self, webhook_id: str) -> None:
        """With what waits to be sent to it; what was sent stays in the log."""
        ...

    def get(self, tenant: str, webhook_id: str) -> Webhook | None: ...

    def lock_for(self, context: CallContext, webhook_id: str) -> Webhook:
        """Lock a webhook that the call may use. Raises WebhookUnknown."""
        ...

    def pages(self, asked: Sequence[tuple[CallContext, WebhookFilter]]) -> list[list[Webhook]]:
        """Give each call its webhooks by id, without secrets."""
        ...

    def count_alone(self, tenant: str, app: str | None) -> int:
        """How many this app has; until this transaction ends, nobody else counts them so, and adds one."""
        ...

    def succeeded(self, webhook_id: str, at: datetime) -> None: ...

    def suspend(self, webhook_id: str, at: datetime) -> bool:
        """False when it was suspended before."""
        ...


class Deliveries(Protocol):
    def add(self, deliveries: Sequence[Delivery]) -> None:
        """An event that a webhook has already is left out."""
        ...

    def lock_for(self, context: CallContext, delivery_id: str) -> Delivery:
        """Lock a delivery that the call may use and whose webhook exists. Raises DeliveryUnknown."""
        ...

    def pages(self, asked: Sequence[tuple[CallContext, DeliveryFilter]]) -> list[list[Delivery]]:
        """Give each call its deliveries, newest first."""
        ...

    def due(
        self, at: datetime, *, limit: int, per_webhook: int, per_tenant: int, not_tenants: Collection[str],
        not_webhooks: Collection[str],
    ) -> list[Due]:
        """Due ones of active webhooks, of every tenant that the transaction sees, longest waiting first."""
        ...

    def claim(self, delivery_ids: Collection[str], at: datetime, *, until: datetime) -> list[tuple[Delivery, Webhook]]:
        """Those of them that are still due, each for one sender; the try is counted."""
        ...

    def conclude(self, delivery: Delivery, sent: Sent, outcome: Outcome, at: datetime) -> bool:
        """Note an attempt and what it leads to; False when another attempt has concluded the delivery."""
        ...

    def repeat(self, delivery: Delivery) -> None:
        """Store that a locked delivery is begun anew."""
        ...

    def forget(self, before: datetime, limit: int) -> int:
        """Drop concluded ones from before a time; how many there were."""
        ...


class WebhookSender(Protocol):
    def send(self, address: str, headers: Mapping[str, str], body: bytes) -> Sent:
        """One attempt, bounded in time and size; whatever happens is in the answer."""
        ...


class Signer(Protocol):
    def __call__(self, body: bytes, *, key_id: str, key: bytes, at: datetime) -> Mapping[str, str]:
        """The headers of the signature."""
        ...


class HasWebhooks(Protocol):
    @property
    def webhooks(self) -> Webhooks: ...


class HasDeliveries(Protocol):
    @property
    def deliveries(self) -> Deliveries: ...


class HasWebhookTargets(Protocol):
    @property
    def webhook_targets(self) -> TargetPolicy: ...
