"""The exchanges, queues and bindings of one virtual host. Everything here is called with its lock held."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared_components.inproc import errors
from shared_components.inproc.exchanges import BUILT_IN, MATCHERS, Binding, Exchange
from shared_components.inproc.queues import Queue

# RabbitMQ refuses to redeclare a queue with other values of these
COMPARED_ARGUMENTS = (
    "x-message-ttl", "x-expires", "x-dead-letter-exchange", "x-dead-letter-routing-key", "x-max-length",
    "x-max-length-bytes", "x-overflow", "x-queue-type", "x-single-active-consumer", "x-max-priority",
)  # fmt: skip
ROUTES_REMEMBERED = 4096


class Topology:
    def __init__(self, host_name: str) -> None:
        self.host_name = host_name
        self.queues: dict[str, Queue] = {}
        self.exchanges = {name: Exchange(name, kind, durable=True) for name, kind in BUILT_IN}
        self._routes: dict[tuple[str, str], tuple[Queue, ...]] = {}

    def exchange(self, name: str) -> Exchange:
        try:
            return self.exchanges[name]
        except KeyError:
            raise errors.not_found("exchange", name, self.host_name) from None

    def queue(self, name: str, owner: object | None = None) -> Queue:
        """owner: the connection that asks; another's exclusive queue is locked."""
        try:
            queue = self.queues[name]
        except KeyError:
            raise errors.not_found("queue", name, self.host_name) from None
        if queue.owner is not None and queue.owner is not owner:
            raise errors.resource_locked(name, self.host_name)
        return queue

    def declare_exchange(
        self, name: str, kind: str, *, durable: bool, auto_delete: bool, arguments: Mapping[str, Any]
    ) -> None:
        if kind not in MATCHERS:
            raise errors.unknown_exchange_type(kind)
        existing = self.exchanges.get(name)
        if existing is None:
            if name.startswith("amq.") or not name:
                raise errors.access_refused(f"exchange name '{name}' contains reserved prefix 'amq.*'", (40, 10))
            self.exchanges[name] = Exchange(name, kind, durable, auto_delete, dict(arguments))
            self._routes.clear()
            return
        wanted = Exchange(name, kind, durable, auto_delete, dict(arguments))
        for what in ("type", "durable", "auto_delete", "alternate"):
            if getattr(existing, what) != getattr(wanted, what):
                raise errors.precondition_failed(
                    f"inequivalent arg '{what}' for exchange '{name}' in vhost '{self.host_name}': received "
                    f"'{getattr(wanted, what)}' but current is '{getattr(existing, what)}'", (40, 10))  # fmt: skip

    def declare_queue(self, wanted: Queue) -> Queue:
        existing = self.queues.get(wanted.name)
        if existing is None:
            self.queues[wanted.name] = wanted
            self._routes.clear()
            return wanted
        self.queue(wanted.name, wanted.owner)
        differences: dict[str, tuple[Any, Any]] = {
            "durable": (wanted.durable, existing.durable),
            "auto_delete": (wanted.auto_delete, existing.auto_delete),
            "exclusive": (wanted.owner is not None, existing.owner is not None),
        }
        for argument in COMPARED_ARGUMENTS:
            differences[argument] = (wanted.arguments.get(argument), existing.arguments.get(argument))
        for what, (received, current) in differences.items():
            if received != current:
                raise errors.precondition_failed(
                    f"inequivalent arg '{what}' for queue '{wanted.name}' in vhost '{self.host_name}': "
                    f"received '{received}' but current is '{current}'")  # fmt: skip
        return existing

    def bind(self, queue: str, exchange: str, key: str, arguments: Mapping[str, Any]) -> None:
        if not exchange:
            raise errors.access_refused("operation not permitted on the default exchange", (50, 20))
        binding = Binding(queue, key, tuple(sorted(arguments.items())))
        self.exchange(exchange).bindings[binding] = None
        self._routes.clear()

    def unbind(self, queue: str, exchange: str, key: str, arguments: Mapping[str, Any]) -> None:
        source = self.exchanges.get(exchange)
        if source is not None:
            self._remove(source, [Binding(queue, key, tuple(sorted(arguments.items())))])

    def remove_exchange(self, name: str, *, if_unused: bool) -> None:
        exchange = self.exchanges.get(name)
        if exchange is None:
            return
        if if_unused and exchange.bindings:
            raise errors.precondition_failed(f"exchange '{name}' in vhost '{self.host_name}' in use", (40, 20))
        del self.exchanges[name]
        self._routes.clear()

    def remove_queue(self, queue: Queue) -> None:
        del self.queues[queue.name]
        for exchange in list(self.exchanges.values()):
            self._remove(exchange, [binding for binding in exchange.bindings if binding.queue == queue.name])
        self._routes.clear()

    def _remove(self, exchange: Exchange, bindings: list[Binding]) -> None:
        removed = [binding for binding in bindings if binding in exchange.bindings]
        for binding in removed:
            del exchange.bindings[binding]
        if removed and exchange.auto_delete and not exchange.bindings:
            self.exchanges.pop(exchange.name, None)
        self._routes.clear()

    def route(self, exchange: str, routing_key: str, headers: Mapping[str, Any]) -> tuple[Queue, ...]:
        """The queues for a message. Raises NotFound when the exchange does not exist."""
        if not exchange:
            queue = self.queues.get(routing_key)
            return () if queue is None else (queue,)
        known = self._routes.get((exchange, routing_key))
        if known is not None:
            return known
        queues, cacheable = self._find(self.exchange(exchange), routing_key, headers)
        if cacheable:
            if len(self._routes) >= ROUTES_REMEMBERED:
                self._routes.clear()
            self._routes[exchange, routing_key] = queues
        return queues

    def _find(
        self, exchange: Exchange | None, routing_key: str, headers: Mapping[str, Any]
    ) -> tuple[tuple[Queue, ...], bool]:
        tried: set[str] = set()
        cacheable = True
        while exchange is not None and exchange.name not in tried:
            tried.add(exchange.name)
            cacheable = cacheable and exchange.routes_by_key_only
            queues = tuple(self.queues[name] for name in exchange.queues_for(routing_key, headers))
            if queues or exchange.alternate is None:
                return queues, cacheable
            exchange = self.exchanges.get(exchange.alternate)
        return (), cacheable
