"""Three private RabbitMQ nodes that are one cluster: on loopback, or each in a network namespace of its own."""
from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from shared_components.devstack import binaries
from shared_components.devstack.network_namespaces import Namespaces
from shared_components.devstack.private_server import StartedByWith
from shared_components.devstack.processes import LOOPBACK, Launch, ServerUnavailable, SupervisedProcess, free_port
from shared_components.devstack.rabbitmq import USER, VHOST, BrokerAdministration, Member, PrivateRabbitMQ
from shared_components.kernel.run_concurrently import run_concurrently

NODES = 3
# Three Erlang machines on a small computer: none of them waits by computing.
RUNTIME = "+sbwt none +sbwtdcpu none +sbwtdio none +S 2:2"
SETTINGS = (
    "cluster_formation.peer_discovery_backend = classic_config",
    # A node that sees fewer than half of the others stops until it sees them again, so that no message is in two minds.
    "cluster_partition_handling = pause_minority",
    # The default of 60 s is how long a broken link would go unnoticed.
    "net_ticktime = 12",
)


class RabbitMQCluster(StartedByWith, BrokerAdministration):
    """`nodes` are started, killed and stopped one by one; URLs name all of them."""

    private = True

    def __init__(self, *, settings: Sequence[str] = (), namespaces: Namespaces | None = None) -> None:
        """namespaces: one network for each node; None: all of them on loopback."""
        self.folder = Path(tempfile.mkdtemp(prefix="zhongtai-rabbitmq-cluster-"))
        self._password, cookie, self._epmd_port = secrets.token_hex(12), secrets.token_hex(16), free_port()
        self._epmd: SupervisedProcess | None = None
        self._namespaces = namespaces
        name = f"zt{secrets.token_hex(3)}"
        hosts = [one.address for one in namespaces.all] if namespaces else ["localhost"] * NODES
        names = [f"{name}-{number}@{host}" for number, host in enumerate(hosts, 1)]
        peers = [f"cluster_formation.classic_config.nodes.{number} = {node}" for number, node in enumerate(names, 1)]
        self.nodes = [
            PrivateRabbitMQ(settings=[*SETTINGS, *peers, *settings], runtime=RUNTIME, member=Member(
                node, LOOPBACK if namespaces is None else host, cookie, self._password, self._epmd_port,
                namespaces.all[number].name if namespaces else ""))
            for number, (node, host) in enumerate(zip(names, hosts, strict=True))]

    def url_for(self, user: str = USER, password: str = "", vhost: str = VHOST) -> str:
        addresses = ",".join(f"{node.host}:{node.port}" for node in self.nodes)
        return f"amqp://{user}:{password or self._password}@{addresses}/{vhost}"

    @property
    def running(self) -> bool:
        return any(node.running for node in self.nodes)

    def start(self) -> Self:
        """Start the nodes that do not run; new ones agree on who founds the cluster."""
        if self._namespaces is None and (self._epmd is None or not self._epmd.running):
            self._epmd = SupervisedProcess(Launch(
                [str(binaries.epmd())], self.folder, self.folder / "epmd.log", {
                    "ERL_EPMD_PORT": str(self._epmd_port), "ERL_EPMD_ADDRESS": LOOPBACK, "HOME": str(self.folder)}))
        run_concurrently(PrivateRabbitMQ.start, [node for node in self.nodes if not node.running])
        self.ctl("await_online_nodes", str(NODES), "--timeout", "60")
        return self

    def stop(self) -> None:
        for node in self.nodes:
            node.stop()
        if self._epmd is not None:
            self._epmd.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def ctl(self, *arguments: str, timeout_s: float = 60.0) -> str:
        return self.first_running.ctl(*arguments, timeout_s=timeout_s)

    @property
    def first_running(self) -> PrivateRabbitMQ:
        """A node for the administrator's commands. Raises ServerUnavailable."""
        node = next((one for one in self.nodes if one.running), None)
        if node is None:
            raise ServerUnavailable("no node of RabbitMQ is running; start() the cluster")
        return node

    @property
    def rabbitmqctl(self) -> str:
        return self.first_running.rabbitmqctl

    def environment(self) -> dict[str, str]:
        return self.first_running.environment()

    def leader_of(self, queue: str, vhost: str = VHOST) -> PrivateRabbitMQ:
        """Give the node that leads a queue; of a classic queue the node that has it."""
        columns = ("name", "leader", "pid")
        lines = self.ctl("list_queues", "-p", vhost, *columns, "--no-table-headers").splitlines()
        (found,) = (line for line in lines if line.split("\t")[0] == queue)
        _, leader, process = found.split("\t")
        return next(node for node in self.nodes if node.node in (leader or process))

