"""Declare what a service needs at the broker. Durable, and safe to repeat: declared at start and by `zhongtai run`."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from amqp.exceptions import NotFound

from shared_components.bus.amqp import names

# Deliveries that a message may cost in a queue that counts, the first not among them: by policy, and by the service
# itself where there is none. A call or an event has had two before it comes to the quarantine.
QUARANTINE_DELIVERY_LIMIT = 2
# Events in order are not moved there: another would overtake them.
IN_ORDER_DELIVERY_LIMIT = 4
# Dead letters of a service, by policy: then the oldest go.
DEAD_LETTERS = 100_000


# Values of setting `broker.queues`.
CLASSIC, QUORUM = "classic", "quorum"


@dataclass(frozen=True)
class Subscription:
    """Events that a handler receives: consumer service and handler, source service and event types."""

    consumer: str
    handler: str
    source: str
    event_types: tuple[str, ...]
    ordered: bool = False

    @property
    def queue(self) -> str:
        return names.event_queue(self.consumer, self.handler)

    @property
    def arguments(self) -> dict[str, Any]:
        """Arguments of the queue: equal wherever it is declared, because the broker refuses a different declaration."""
        return {"x-queue-type": "quorum"} | ({"x-single-active-consumer": True} if self.ordered else {})


def _kind(queues: str) -> dict[str, Any]:
    # Nothing is said of the classic kind, as stock nameko says nothing: the broker compares declarations.
    return {"x-queue-type": QUORUM} if queues == QUORUM else {}


def _waiting(queues: str) -> dict[str, Any]:
    # Otherwise a message whose time has come would be dropped when its node ends before it has moved it.
    at_least_once = {"x-dead-letter-strategy": "at-least-once", "x-overflow": "reject-publish"}
    return {**_kind(queues), **at_least_once} if queues == QUORUM else {}


def declare_exchange(channel: Any, name: str, kind: str) -> None:
    """Make an exchange unless it is there.

    Asked for first, because who may declare an exchange may delete it: where exchanges are deployed, no service needs
    that right.
    """
    # A question about what is not there closes the channel that asked.
    asking = channel.connection.channel()
    try:
        asking.exchange_declare(name, kind, passive=True)
    except NotFound:
        channel.exchange_declare(name, kind, durable=True, auto_delete=False)
    else:
        asking.close()


def declare_rpc(channel: Any, service: str, *, queues: str = CLASSIC) -> None:
    """queues: kind of the queue, as setting `broker.queues` has it."""
    declare_exchange(channel, names.RPC_EXCHANGE, "topic")
    queue = names.rpc_queue(service)
    channel.queue_declare(queue, durable=True, auto_delete=False, arguments=_kind(queues))
    channel.queue_bind(queue, names.RPC_EXCHANGE, f"{service}.*")


def declare_dead_letters(channel: Any, service: str) -> None:
    # Its keys have no patterns. But permissions for keys are for exchanges of this type alone.
    declare_exchange(channel, names.DEAD_EXCHANGE, "topic")
    queue = names.dead_queue(service)
    channel.queue_declare(queue, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})
    channel.queue_bind(queue, names.DEAD_EXCHANGE, service)


def declare_quarantine(channel: Any, queue: str) -> None:
    channel.queue_declare(queue, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})


def declare_app_queue(channel: Any, app: str) -> None:
    channel.queue_declare(names.app_queue(app), durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})


def declare_event_source(channel: Any, service: str) -> None:
    declare_exchange(channel, names.event_exchange(service), "topic")


def declare_subscriptions(
    channel: Any, subscriptions: Iterable[Subscription], retry_delays_s: Sequence[float], *, queues: str = CLASSIC,
) -> None:
    """queues: kind of the queues in which events wait for another try, as setting `broker.queues` has it."""
    for subscription in subscriptions:
        declare_event_source(channel, subscription.source)
        channel.queue_declare(subscription.queue, durable=True, auto_delete=False, arguments=subscription.arguments)
        for event_type in subscription.event_types:
            channel.queue_bind(subscription.queue, names.event_exchange(subscription.source), event_type)
        for delay_s in sorted(set(retry_delays_s)):
            channel.queue_declare(
                names.retry_queue(subscription.consumer, subscription.handler, delay_s),
                durable=True, auto_delete=False,
                arguments={
                    **_waiting(queues),
                    "x-message-ttl": int(delay_s * 1000),
                    "x-dead-letter-exchange": "",
                    "x-dead-letter-routing-key": subscription.queue,
                },
            )
