"""Clients that have keys kept by the till (or by the relay, which asks the till), and the account of what they know."""
from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from shared_components.bus import BusClient
from tests.faults.account import Account, Operation, resolve
from tests.faults.compare import Comparison, Follow, compare, follow
from tests.faults.load import begun, each
from tests.faults.world import World

LONGEST_LOAD = 200_000


@dataclass
class Keeper:
    """methods: which of the service's methods; each key always goes to the same one, by its checksum."""

    clients: Sequence[BusClient]
    timeout_s: float = 8.0
    service: str = "till"
    methods: Sequence[str] = ("keep", "keep_together")
    account: Account = field(default_factory=Account)
    _arguments: dict[str, dict[str, Any]] = field(default_factory=dict)

    def keep(self, key: str, **arguments: Any) -> Operation:
        self._arguments[key] = arguments
        operation = self.account.intend(key, f"op-{key}")
        return self.account.perform(operation, lambda: self.ask(operation, self.timeout_s), self.timeout_s)

    def ask(self, operation: Operation, timeout_s: float = 10.0) -> Any:
        """The very same request: under one operation id there may be only one."""
        number = operation.number
        service = getattr(self.clients[number % len(self.clients)], self.service)
        method = getattr(service, self.methods[number // 7 % len(self.methods)])
        return method(key=operation.key, op_id=operation.op_id, timeout_s=timeout_s,
                      **self._arguments.get(operation.key, {}))  # fmt: skip

    def keep_all(self, keys: Iterable[str], *, threads: int = 16) -> None:
        each(keys, self.keep, threads=threads)

    @contextmanager
    def going_on(self, prefix: str, *, threads: int = 8, pause_s: float = 0.02, most: int = LONGEST_LOAD,
                 ) -> Iterator[None]:  # fmt: skip
        """Keep ever new keys while the block runs; every thread pauses between two of them."""
        stop = threading.Event()

        def keep(number: int) -> None:
            if not stop.is_set():
                self.keep(f"{prefix}-{number}")
                stop.wait(pause_s)

        with begun(range(most), keep, threads=threads):
            try:
                yield
            finally:
                stop.set()

    def compared(self, world: World, *, among: str = "") -> Comparison:
        """Ask again for what is unknown, then compare with the till's effects."""
        resolve(self.account, self.ask)
        return self.compared_now(world, among=among)

    def compared_now(self, world: World, *, among: str = "") -> Comparison:
        effects = world.effects("till")
        return compare(self.account, Counter({key: count for key, count in effects.items() if key.startswith(among)}))

    def followed(self, world: World, *, drain_s: float = 60.0) -> Follow:
        """Wait for the events of every effect at the auditor."""
        return follow(world, "till", Counter(dict.fromkeys(world.effects("till"), 1)), drain_s=drain_s)


def clients_of(world: World, count: int = 3, **options: Any) -> list[BusClient]:
    return [world.client(**options) for _ in range(count)]


def keys(prefix: str, count: int) -> list[str]:
    return [f"{prefix}-{number}" for number in range(count)]


def with_refusals(names: Sequence[str], chance: random.Random, share: float = 0.02) -> list[str]:
    """Some of the keys as ones that the till refuses: a refusal must have no effect."""
    return [f"refused-{name}" if chance.random() < share else name for name in names]
