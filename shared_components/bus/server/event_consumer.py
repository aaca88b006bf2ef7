"""Consume events on a connection of its own, so that a flood of events never starves calls."""
from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Collection, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from typing import Any

from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint

from shared_components.bus.amqp import decoding_guard, names, topology, wire
from shared_components.bus.amqp.caller_identity import CallerIdentity
from shared_components.bus.amqp.connection import CONNECTION_ERRORS, BrokerConnection, backoff_s
from shared_components.bus.amqp.publisher import Outgoing
from shared_components.bus.amqp.quarantine_messages import (
    ATTEMPT_HEADER,
    deliveries_before,
    headers_of,
    sender_of,
    whole_number,
)
from shared_components.bus.errors import DeliveredTooOften, MalformedMessage
from shared_components.bus.server.event_batch import Handling
from shared_components.bus.server.queue_consumer import QueueConsumer
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError
from shared_components.observability import calls as call_log
from shared_components.observability.metrics import METRICS

log = logging.getLogger(__name__)

# Of events that are handled one by one, so many are in hand for each that may be worked on at once.
ONE_BY_ONE_AHEAD = 5
# Groups that wait for the outside, side by side: while one waits, the next gathers, and a lone event waits for none.
GROUPS_THAT_WAIT = 3


@dataclass(eq=False, slots=True)
class Received:
    connection: BrokerConnection
    message: Any
    handling: Handling
    attempt: int
    postponed: int = 0

    def once_more(self) -> None:
        self.attempt += 1
        self.handling = Handling(self.handling.event, self.handling.consumer)


@dataclass
class _Handler:
    entrypoint: EventHandler
    subscription: topology.Subscription
    waiting: deque[Received] = field(default_factory=deque)
    running: int = 0

    @property
    def is_single(self) -> bool:
        """Whether its events are handled one by one, and not as groups.

        Handlers with their own transactions wait for the outside: side by side. In order is one by one, for of a group
        a later event could be done and an earlier one not.
        """
        return (self.entrypoint.own_transactions and not self.entrypoint.bulk) or self.subscription.ordered

    def most_running(self, workers: int) -> int:
        """How many groups or single events are handled side by side."""
        if self.subscription.ordered or not self.entrypoint.own_transactions:
            return 1
        return GROUPS_THAT_WAIT if self.entrypoint.bulk else workers

    @property
    def tag(self) -> str:
        return f"event-{self.subscription.handler}"


class EventConsumer(QueueConsumer):
    """Consumes the queues of all `@on_event` handlers of a container."""

    part, connection_name, thread_name = "events", "events", "event"

    def setup(self) -> None:
        super().setup()
        self.identity = CallerIdentity(self.limits)
        self.retry_delays_s: Sequence[float] = self.limits["event_retry_delays_s"]
        self._handlers: list[_Handler] = []
        self._in_hand: set[Received] = set()

    def start(self) -> None:
        if self._handlers or self.limits["serves"] == "calls":
            return
        self._handlers = [_Handler(provider, self._subscription(provider)) for provider in self._providers]
        for handler in self._handlers:
            METRICS.record_in_hand(handler.subscription.queue, partial(self._count_in_hand, handler.subscription.queue))
        self._connect()

    def _count_in_hand(self, queue: str) -> int:
        return sum(received.handling.consumer == queue for received in list(self._in_hand))

    def _subscription(self, provider: EventHandler) -> topology.Subscription:
        return topology.Subscription(
            self.service, provider.method_name, provider.source, provider.event_types, provider.ordered)

    # connection

    def declare(self, channel: Any) -> None:
        topology.declare_event_source(channel, self.service)
        topology.declare_dead_letters(channel, self.service)
        topology.declare_subscriptions(
            channel, [handler.subscription for handler in self._handlers], self.retry_delays_s, queues=self.queue_kind)

    @property
    def queues(self) -> list[str]:
        return [names.dead_queue(self.service), *(handler.subscription.queue for handler in self._handlers)]

    @property
    def exchanges(self) -> list[str]:
        sources = {self.service, *(handler.subscription.source for handler in self._handlers)}
        return [names.DEAD_EXCHANGE, *map(names.event_exchange, sorted(sources))]

    @property
    def _tags(self) -> Sequence[str]:
        return [handler.tag for handler in self._handlers]

    @property
    def _unacknowledged(self) -> Collection[Received]:
        return self._in_hand

    def _open(self, connection: BrokerConnection) -> None:
        self.declare(connection.channel)
        if self._stopping.is_set():
            return
        for handler in self._handlers:
            # for the consumers to come, and so for each its own
            connection.channel.basic_qos(0, self._prefetch(handler), False)
            connection.consume(handler.subscription.queue, partial(self._arrived, connection, handler), tag=handler.tag)

    def _lost(self, connection: BrokerConnection) -> None:
        for handler in self._handlers:
            handler.waiting = deque(received for received in handler.waiting if received.connection is not connection)
        self._in_hand = {received for received in self._in_hand if received.connection is not connection}

    def _prefetch(self, handler: _Handler) -> int:
        """Return a handler's prefetch count: while a group is handled, the next one gathers.

        One by one there are no groups, and what waits here waits while another process may have nothing to do. In order
        it is one alone: what ends the process is then known, and those behind it are not counted with it.
        """
        if handler.subscription.ordered:
            return 1
        most: int = self.limits["event_prefetch"]
        return min(most, ONE_BY_ONE_AHEAD * self.limits["event_workers"]) if handler.is_single else most

    # messages

    def _arrived(self, connection: BrokerConnection, handler: _Handler, message: Any) -> None:
        times = deliveries_before(message)
        if not times:
            self._on_message(connection, handler, message)
        elif not handler.subscription.ordered:
            self._move_to_quarantine(
                connection, message, handler.subscription.queue, largest_attempt=len(self.retry_delays_s))
        elif times < topology.IN_ORDER_DELIVERY_LIMIT:
            self._on_message(connection, handler, message)
        else:
            self._dead_letter(connection, message, DeliveredTooOften(Bilingual(
                f"it was delivered {times} times before, and each time the connection or process has ended",
                f"此前已投递 {times} 次，每次连接或进程都随之中断")),
                handler.subscription.queue)

    def _take_from_quarantine(self, connection: BrokerConnection, message: Any) -> None:
        queue = message.delivery_info["queue"]
        for handler in self._handlers:
            if handler.subscription.queue == queue:
                self._on_message(connection, handler, message)
                return
        self._dead_letter(connection, message, MalformedMessage(Bilingual(
            f"'{queue[:80]}' is the queue of no handler",
            f"队列“{queue[:80]}”没有对应的处理程序")))

    def _on_message(self, connection: BrokerConnection, handler: _Handler, message: Any) -> None:
        try:
            decoding_guard.refuse_unreadable(message)
            event = wire.decode_event(message.body)
            self.identity.check_event(
                message.properties.get("user_id"), message.delivery_info.get("exchange", ""), event,
                handler.subscription)
            attempt = attempt_of(message, len(self.retry_delays_s))
        except Exception as error:
            self._dead_letter(connection, message, error, handler.subscription.queue)
            return
        received = Received(connection, message, Handling(event, handler.subscription.queue), attempt)
        self._in_hand.add(received)
        handler.waiting.append(received)
        self._kick(handler)

    def _kick(self, handler: _Handler) -> None:
        limit = handler.most_running(self.limits["event_workers"])
        while handler.waiting and handler.running < limit:
            size = 1 if handler.is_single else min(self.limits["group_size"], len(handler.waiting))
            group = [handler.waiting.popleft() for _ in range(size)]
            handler.running += 1
            METRICS.working(self.service, len(group))
            try:
                self.container.spawn_worker(
                    handler.entrypoint, ([received.handling for received in group],), {}, context_data={},
                    handle_result=partial(self._finished, handler, group, monotonic()),
                )
            except ContainerBeingKilled:
                return

    def _finished(
        self, handler: _Handler, group: Sequence[Received], started: float, worker_ctx: Any, result: Any, exc_info: Any,
    ) -> tuple[Any, Any]:
        METRICS.working(self.service, -len(group))
        for received in group:
            if exc_info is not None and received.handling.error is None:
                received.handling.error = "internal"
        call_log.events_handled(
            self.service, handler.subscription.handler,
            [received.handling.error for received in group], monotonic() - started)
        if handler.subscription.ordered and self._may_be_tried_again(group[0]):
            threading.Thread(target=self._hold, args=(handler, group[0]), daemon=True).start()
            return None, None
        handler.running -= 1
        self._kick(handler)
        self._settle_all(handler, group)
        return None, None

    def _may_be_tried_again(self, received: Received) -> bool:
        return received.handling.error is not None and received.attempt < len(self.retry_delays_s)

    def _hold(self, handler: _Handler, received: Received) -> None:
        """Wait, then handle the same event again: no later event may overtake it."""
        if self._stopping.wait(self.retry_delays_s[received.attempt]):
            # Neither it nor what is behind it is acknowledged: the next process gets all of them, in order.
            self._in_hand.difference_update([received, *handler.waiting])
            handler.waiting.clear()
        elif received in self._in_hand:  # else the connection was lost, and the broker delivers it again
            received.once_more()
            handler.waiting.appendleft(received)
        handler.running -= 1
        self._kick(handler)

    def _settle_all(self, handler: _Handler, group: Sequence[Received]) -> None:
        """Acknowledge what was handled, in one write; then see to what failed, which is published again first."""
        handled = [received for received in group if received.handling.error is None]
        for connection in {received.connection for received in handled}:
            try:
                with nullcontext() if self.step_hook.separate_writes else connection.one_write():
                    for received in handled:
                        if received.connection is connection:
                            self._settle(handler, received)
            except CONNECTION_ERRORS:
                log.warning("bus.event.unsettled", extra={"service": self.service})
            except Exception:
                # Raised further it would end the service's process. The events come again, and the inbox knows them.
                log.exception("bus.event.unsettled", extra={"service": self.service})
                connection.abort()
        for received in group:
            if received.handling.error is not None:
                self._settle(handler, received)

    def _settle(self, handler: _Handler, received: Received) -> None:
        """Acknowledge what was handled; send what failed to wait, or, when that was its last try, to the dead."""
        self._in_hand.discard(received)
        tag = received.message.delivery_info["delivery_tag"]
        try:
            if received.handling.error is not None:
                self._retry_or_dead_letter(handler, received)
            self.step_hook.reach("before-event-ack")
            received.connection.ack(tag)
            self.step_hook.reach("after-event-ack")
            self.quarantine.finished(received.connection, tag)
        except AppError:
            # Not confirmed anywhere else. Held and tried again: given back, it would come again at once.
            self._in_hand.add(received)
            threading.Thread(target=self._settle_later, args=(handler, received), daemon=True).start()
        except CONNECTION_ERRORS:
            log.warning("bus.event.unsettled", extra={"service": self.service})

    def _settle_later(self, handler: _Handler, received: Received) -> None:
        received.postponed += 1
        threading.Event().wait(backoff_s(received.postponed))
        if received in self._in_hand and not received.connection.closed:
            self._settle(handler, received)

    def _retry_or_dead_letter(self, handler: _Handler, received: Received) -> None:
        error = received.handling.error
        assert error is not None
        headers: dict[str, Any] = {
            ATTEMPT_HEADER: received.attempt + 1, "x-reason": error, names.SENDER_HEADER: sender_of(received.message)}
        if self._may_be_tried_again(received):
            exchange, routing_key = "", names.retry_queue(
                self.service, handler.subscription.handler, self.retry_delays_s[received.attempt])
        else:
            exchange, routing_key = names.DEAD_EXCHANGE, self.service
            headers |= {
                "x-text": f"handler '{handler.subscription.handler}' failed {received.attempt + 1} times",
                names.QUEUE_HEADER: handler.subscription.queue,
                "x-exchange": "", "x-routing-key": handler.subscription.queue,
            }
            METRICS.record_dead_letter(self.service, error)
            log.error("bus.event.dead_lettered", extra={
                "service": self.service, "handler": handler.subscription.handler, "cause": error})
        body = received.message.body
        self.dead_letters.publisher.publish([Outgoing(
            body=body.encode() if isinstance(body, str) else bytes(body), exchange=exchange, routing_key=routing_key,
            content_type=names.EVENT_CONTENT_TYPE, message_id=received.handling.event.id, headers=headers,
        )])
        if exchange:
            self.dead_letters.level.look()
        self.step_hook.reach("after-retry-publish")


def attempt_of(message: Any, most: int) -> int:
    """Return the number of earlier attempts at an event: 0 at first, at most `most`, whatever its header says."""
    return whole_number(headers_of(message).get(ATTEMPT_HEADER), most)


class EventHandler(Entrypoint):  # type: ignore[misc]
    """Feeds one handler from its own durable queue."""

    consumer = EventConsumer()

    def __init__(
        self, source: str, event_types: tuple[str, ...], own_transactions: bool = False, ordered: bool = False,
        bulk: bool = False, **kwargs: Any,
    ) -> None:
        self.source = source
        self.event_types = event_types
        self.own_transactions = own_transactions
        self.ordered = ordered
        self.bulk = bulk
        super().__init__(**kwargs)

    def setup(self) -> None:
        self.consumer.register_provider(self)

    def stop(self) -> None:
        self.consumer.unregister_provider(self)
