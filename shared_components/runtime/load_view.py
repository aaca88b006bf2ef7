"""Load of each service, summed over its processes: for `zhongtai status --watch` and for who scales."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from time import monotonic
from typing import Protocol

from shared_components.bus.amqp import names
from shared_components.bus.amqp.instances import Instance
from shared_components.bus.deployment.inspection import QueueState

# A process that was not read for so long has ended; another who reads at the same moment hides some for one read.
FORGOTTEN_S = 4.0


@dataclass(frozen=True)
class ServiceLoad:
    """Load of a service.

    processes: that serve. calls_s, failed_s: calls a second, and those among them that failed by our fault. waiting:
    calls that wait in processes and in the queue, where a message counts as many calls as messages had lately. running:
    calls at work. wait_p95_ms, p95_ms: of the slowest process. queue: messages at the broker; None: it has no queue.
    """

    service: str
    processes: int
    calls_s: float
    failed_s: float
    waiting: int
    running: int
    wait_p95_ms: float
    p95_ms: float
    queue: int | None
    dead: int | None

    @property
    def per_process(self) -> float:
        """Calls that wait or run, for each process."""
        return (self.waiting + self.running) / max(self.processes, 1)


class Broker(Protocol):
    def queue(self, name: str) -> QueueState | None: ...

    def instances(self) -> list[Instance]: ...


class LoadView:
    """Reads the load of services again and again over one connection."""

    def __init__(self, broker: Broker, clock: Callable[[], float] = monotonic) -> None:
        self._broker = broker
        self._clock = clock
        self._seen: dict[tuple[str, str, int], tuple[float, Instance]] = {}

    def read(self, services: Sequence[str]) -> list[ServiceLoad]:
        now = self._clock()
        for instance in self._broker.instances():
            self._seen[instance.service, instance.host, instance.pid] = (now, instance)
        self._seen = {key: seen for key, seen in self._seen.items() if now - seen[0] <= FORGOTTEN_S}
        return [self._of(name) for name in services]

    def _of(self, name: str) -> ServiceLoad:
        own = [instance for _, instance in self._seen.values() if instance.service == name]
        loads = [instance.load for instance in own if instance.load is not None]
        calls, dead = self._broker.queue(names.rpc_queue(name)), self._broker.queue(names.dead_queue(name))
        a_message = max((load.calls_a_message for load in loads), default=1.0)
        queued = ceil(calls.messages * a_message) if calls else 0
        return ServiceLoad(
            service=name, processes=len(own), calls_s=round(sum(load.calls_s for load in loads), 1),
            failed_s=round(sum(load.failed_s for load in loads), 1),
            waiting=queued + sum(load.waiting for load in loads), running=sum(load.running for load in loads),
            wait_p95_ms=max((load.wait_p95_ms for load in loads), default=0.0),
            p95_ms=max((load.p95_ms for load in loads), default=0.0),
            queue=calls.messages if calls else None, dead=dead.messages if dead else None)
