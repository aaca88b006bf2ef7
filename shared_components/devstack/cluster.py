"""The servers of `make cluster-up`: three RabbitMQ nodes, and a PostgreSQL primary with its synchronous standby."""
from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Self

from shared_components.devstack.patroni import PatroniNode, PatroniPair, is_primary_at
from shared_components.devstack.private_server import StartedByWith
from shared_components.devstack.processes import ServerUnavailable
from shared_components.devstack.rabbitmq import PrivateRabbitMQ
from shared_components.devstack.rabbitmq_cluster import RabbitMQCluster
from shared_components.kernel.run_concurrently import run_concurrently

# A machine that ended is back after so long.
BOOT_S = 60.0
POLL_S = 0.5
PRIMARY = "primary"
Nodes = Mapping[str, Mapping[str, Any]]
"""A node's name → `pid` of its supervisor, and `rest_port` of its Patroni."""


class Cluster(StartedByWith):
    """All nodes on loopback; they keep nothing."""

    def __init__(self) -> None:
        self.rabbitmq, self.postgresql = RabbitMQCluster(), PatroniPair()

    def start(self) -> Self:
        run_concurrently(lambda start: start(), [self.rabbitmq.start, self.postgresql.start])
        return self

    def stop(self) -> None:
        self.rabbitmq.stop()
        self.postgresql.stop()

    @property
    def _servers(self) -> dict[str, PrivateRabbitMQ | PatroniNode]:
        return {f"rabbitmq-{number}": node for number, node in enumerate(self.rabbitmq.nodes, 1)} | {
            f"postgresql-{number}": node for number, node in enumerate(self.postgresql.nodes, 1)}

    @property
    def nodes(self) -> Nodes:
        """Describe the nodes for other processes."""
        return {
            name: {"pid": node.pid} | ({"rest_port": node.rest_port} if isinstance(node, PatroniNode) else {})
            for name, node in self._servers.items()}

    def mend_while(self, goes_on: Callable[[], bool], tell: Callable[[Nodes], None]) -> None:
        """Start nodes that have ended again, each after BOOT_S. tell: gets the nodes at first, and after each start."""
        tell(self.nodes)
        ended: dict[str, float] = {}
        while goes_on():
            for name, node in self._servers.items():
                if node.running:
                    ended.pop(name, None)
                elif time.monotonic() - ended.setdefault(name, time.monotonic()) > BOOT_S:
                    _start(node)
                    ended.pop(name)
                    tell(self.nodes)
            time.sleep(POLL_S)


def primary_of(nodes: Nodes) -> str:
    """Name the primary of the database; empty while no node is it."""
    return next((name for name, one in nodes.items() if "rest_port" in one and is_primary_at(one["rest_port"])), "")


def _start(node: PrivateRabbitMQ | PatroniNode) -> None:
    try:
        node.start()
    except ServerUnavailable:
        node.kill()  # tried again later
