"""Exchanges, bindings and queues of one virtual host. Callers hold the virtual host's lock."""
from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from shared_components.inproc import errors
from shared_components.inproc.queues import Queue

# RabbitMQ refuses to redeclare a queue with other values of these arguments.
COMPARED_ARGUMENTS = (
    "x-message-ttl", "x-expires", "x-dead-letter-exchange", "x-dead-letter-routing-key", "x-max-length",
    "x-overflow", "x-queue-type", "x-single-active-consumer", "x-max-priority",
)  # fmt: skip
MAX_CACHED_ROUTES = 4096


@dataclass(frozen=True)
class Binding:
    """arguments: sorted pairs, so that equal bindings compare equal."""

    queue: str
    key: str
    arguments: tuple[tuple[str, Any], ...] = ()


@dataclass
class Exchange:
    name: str
    type: str
    durable: bool = False
    auto_delete: bool = False
    # A dict keeps the order, and makes a repeated binding the same one.
    bindings: dict[Binding, None] = field(default_factory=dict)

    def queues_for(self, routing_key: str) -> Iterator[str]:
        """Yield the names of the bound queues that match, each once."""
        matches = MATCHERS[self.type]
        seen = set()
        for binding in self.bindings:
            if binding.queue not in seen and matches(binding, routing_key):
                seen.add(binding.queue)
                yield binding.queue


@lru_cache(maxsize=4096)
def topic_pattern(key: str) -> re.Pattern[str]:
    """Compile a binding key: `*` is one word, `#` is any number of words, also zero."""
    pattern = ""
    for word in key.split("."):
        if word == "#":
            pattern += r"(?:\.[^.]*)*"
        else:
            pattern += r"\." + (r"[^.]*" if word == "*" else re.escape(word))
    return re.compile(pattern + r"\Z", re.DOTALL)


def _matches_topic(binding: Binding, routing_key: str) -> bool:
    if binding.key == routing_key and "*" not in routing_key and "#" not in routing_key:
        return True
    if not routing_key:
        # An empty key has no word that `*` could match.
        return all(word == "#" for word in binding.key.split("."))
    return topic_pattern(binding.key).match("." + routing_key) is not None


def _matches_direct(binding: Binding, routing_key: str) -> bool:
    return binding.key == routing_key


def _matches_fanout(binding: Binding, routing_key: str) -> bool:
    return True


MATCHERS: dict[str, Callable[[Binding, str], bool]] = {
    "direct": _matches_direct,
    "topic": _matches_topic,
    "fanout": _matches_fanout,
}
BUILT_IN = tuple((f"amq.{kind}", kind) for kind in MATCHERS)


class Topology:
    """Exchanges, queues and bindings of one virtual host."""

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
        """Return a queue. owner: the connection that asks; an exclusive queue of another connection is locked."""
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
        if kind == "headers" or "alternate-exchange" in arguments:
            raise errors.not_supported("headers exchanges and alternate exchanges")
        if kind not in MATCHERS:
            raise errors.unknown_exchange_type(kind)
        existing = self.exchanges.get(name)
        if existing is None:
            if name.startswith("amq.") or not name:
                raise errors.access_refused(f"exchange name '{name}' contains reserved prefix 'amq.*'", (40, 10))
            self.exchanges[name] = Exchange(name, kind, durable, auto_delete)
            self._routes.clear()
            return
        wanted = Exchange(name, kind, durable, auto_delete)
        for what in ("type", "durable", "auto_delete"):
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

    def route(self, exchange: str, routing_key: str) -> tuple[Queue, ...]:
        """Return the queues for a message. Raises NotFound when the exchange does not exist."""
        if not exchange:
            queue = self.queues.get(routing_key)
            return () if queue is None else (queue,)
        known = self._routes.get((exchange, routing_key))
        if known is not None:
            return known
        queues = tuple(self.queues[name] for name in self.exchange(exchange).queues_for(routing_key))
        if len(self._routes) >= MAX_CACHED_ROUTES:
            self._routes.clear()
        self._routes[exchange, routing_key] = queues
        return queues
