"""From events of components to the deliveries that tell the apps concerned."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, Protocol

from services.notification.callbacks.domain.published import DEPARTMENT, PUBLISHED, TOLD_AS, Published, told
from shared_components.kernel.transactions import HasClock
from shared_components.webhooks.delivering import new_deliveries
from shared_components.webhooks.ports import HasDeliveries

if TYPE_CHECKING:
    from shared_components.kernel.calls import Event


class Subscriber(NamedTuple):
    """A webhook. app: None is told of the things of all apps of its tenant. events: none is all types."""

    webhook_id: str
    tenant: str
    app: str | None
    events: Sequence[str]


class Subscribers(Protocol):
    def subscribers(self, tenants: Collection[str]) -> Sequence[Subscriber]:
        """All webhooks of these departments, suspended ones too."""
        ...

    def apps_of_messages(self, message_ids: Collection[str]) -> Mapping[str, str]:
        """Message id → the app that it belongs to."""
        ...


class KeepDeliveriesTx(HasClock, HasDeliveries, Protocol):
    """The part of a transaction that keeping deliveries needs."""

    @property
    def webhooks(self) -> Subscribers: ...


def keep_for_apps(tx: KeepDeliveriesTx, events: Sequence[Event]) -> int:
    """Keep what will be sent, and give how many deliveries that are.

    An event that a webhook has already is left out, so a repetition changes nothing.
    """
    events = [replace(event, type=TOLD_AS.get(event.type, event.type)) for event in events]
    subscribers = tx.webhooks.subscribers({event.tenant for event in events})
    if not subscribers:
        return 0
    apps = tx.webhooks.apps_of_messages({
        event.data["message_id"] for event in events if PUBLISHED[event.type].source == "notification"})
    now, kept = tx.clock.now(), []
    for event in events:
        published = PUBLISHED[event.type]
        about = str(event.data[published.about])
        app = event.data.get("app") or apps.get(about)
        hearing = [one.webhook_id for one in subscribers if _hears(one, event, published, app)]
        shown = replace(event, data=told(published, event.data))
        kept += new_deliveries(shown, about, hearing, now)
    tx.deliveries.add(kept)
    return len(kept)


def _hears(subscriber: Subscriber, event: Event, published: Published, app: str | None) -> bool:
    if subscriber.tenant != event.tenant or (subscriber.events and event.type not in subscriber.events):
        return False
    return subscriber.app is None or published.whose == DEPARTMENT or subscriber.app == app
