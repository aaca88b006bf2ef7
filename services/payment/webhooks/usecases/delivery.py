"""From an event of an order to the deliveries that tell its app."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from shared_components.kernel.transactions import HasClock
from shared_components.webhooks.delivering import new_deliveries
from shared_components.webhooks.ports import HasDeliveries

if TYPE_CHECKING:
    from shared_components.kernel.calls import Event


@dataclass(frozen=True, slots=True)
class OrderEvent:
    """An event, and the order that it is about."""

    event: Event
    order_id: str


class SubscribedWebhooks(Protocol):
    def subscribed(self, tenant: str, event_type: str, order_ids: Collection[str]) -> Mapping[str, Sequence[str]]:
        """order id → ids of those that are to be told of this event of it, suspended ones too; none: left out."""
        ...


class KeepDeliveriesTx(HasClock, HasDeliveries, Protocol):
    """Ports that `keep_for_apps` uses."""

    @property
    def webhooks(self) -> SubscribedWebhooks: ...


def keep_for_apps(tx: KeepDeliveriesTx, events: Sequence[OrderEvent]) -> int:
    """Keep what will be sent, and give how many deliveries that are. events: of one type.

    An event that a webhook has already is left out, so a repetition changes nothing.
    """
    of_tenants: dict[str, list[OrderEvent]] = {}
    for each in events:
        of_tenants.setdefault(each.event.tenant, []).append(each)
    kept = []
    for tenant, told in of_tenants.items():
        webhooks = tx.webhooks.subscribed(tenant, told[0].event.type, {each.order_id for each in told})
        kept += [
            delivery for each in told
            for delivery in new_deliveries(
                each.event, each.order_id, webhooks.get(each.order_id, ()), tx.clock.now())]
    tx.deliveries.add(kept)
    return len(kept)
