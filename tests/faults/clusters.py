"""Clusters that experiments may break: three broker nodes beside one database, or a broker beside two databases."""
from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import cast

from shared_components.devstack.network_namespaces import Namespaces
from shared_components.devstack.patroni import PatroniPair
from shared_components.devstack.postgresql import PrivatePostgreSQL
from shared_components.devstack.rabbitmq import PrivateRabbitMQ
from shared_components.devstack.rabbitmq_cluster import RabbitMQCluster
from tests.faults.keeping import Keeper, clients_of
from tests.faults.lab import Lab
from tests.faults.load import wait_for
from tests.faults.report import Report
from tests.faults.world import World

RECOVERY_S = 30.0
# The first of the default: a database that is away for 20 s leaves no dead letters.
RETRIES_S = [1, 5, 30]


@contextmanager
def three_brokers(
    lab: Lab, namespaces: Namespaces | None = None, *, queues: str = "quorum",
) -> Iterator[tuple[Lab, RabbitMQCluster]]:
    """queues: setting `broker.queues` of the services."""
    with RabbitMQCluster(namespaces=namespaces) as brokers:
        # A world asks of a cluster what it asks of one server.
        yield Lab(cast(PrivateRabbitMQ, brokers), lab.postgres, folder=lab.folder, broker={"queues": queues}), brokers


@contextmanager
def two_databases(lab: Lab) -> Iterator[tuple[Lab, PatroniPair]]:
    with PatroniPair(durable=False) as databases:
        yield Lab(lab.rabbitmq, cast(PrivatePostgreSQL, databases), folder=lab.folder), databases


@dataclass
class UnderLoad:
    """Clients that keep keys while something is broken: patient ones, and hasty ones that often do not know."""

    world: World
    patient: Keeper
    hasty: Keeper
    recovery_s: float = RECOVERY_S
    recoveries: list[float] = field(default_factory=list)

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Let all clients go on until the block ends."""
        with self.patient.going_on("patient", threads=6, pause_s=0.05), \
                self.hasty.going_on("hasty", threads=6, pause_s=0.05):
            yield

    def recovered_after(self, what: Callable[[], None]) -> float:
        """Do something; gives the seconds from then until an operation that began afterwards is ok."""
        began = time.monotonic()
        what()
        operations = self.patient.account.operations
        before = len(operations)
        wait_for(lambda: any(one.outcome == "ok" for one in operations[before:]), 2 * self.recovery_s, pause_s=0.02)
        self.recoveries.append(time.monotonic() - began)
        return self.recoveries[-1]

    def tell(self, report: Report) -> None:
        """Compare what clients know with the databases, and add it to the report."""
        for name, keeper in (("patient", self.patient), ("hasty", self.hasty)):
            comparison = keeper.compared(self.world, among=name)
            report.add(f"{name} clients ({keeper.timeout_s:g} s)", {
                "operations": len(keeper.account.operations), **comparison.counts}, comparison.wrong)  # fmt: skip
        followed = self.patient.followed(self.world)
        slow = [f"serving again only after {seconds:.1f} s" for seconds in self.recoveries if seconds > self.recovery_s]
        ended = [f"{worker.name} ended with exit code {worker.code}"
                 for worker in self.world.workers.all if not worker.running]  # fmt: skip
        report.add("events and recovery", {**followed.counts, "longest recovery s": round(max(self.recoveries), 1)},
                   [*followed.wrong, *slow, *ended])  # fmt: skip


@contextmanager
def under_load(
    lab: Lab, name: str, *, patience_s: float = 45.0, recovery_s: float = RECOVERY_S,
) -> Iterator[UnderLoad]:
    """Two tills and an auditor, with clients that begin with `going_on`."""
    with lab.world(name, "till", "auditor", bus={"event_retry_delays_s": RETRIES_S}) as world:
        started = [world.workers.start(service, wait=False) for service in ("till", "till", "auditor")]
        world.workers.wait_started(*started)
        clients = clients_of(world, 3)
        yield UnderLoad(world, Keeper(clients, timeout_s=patience_s), Keeper(clients, timeout_s=1.5), recovery_s)
