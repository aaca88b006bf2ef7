"""R26: one node of three brokers is killed under load, and comes back."""
from __future__ import annotations

import random
import time

from shared_components.devstack.rabbitmq_cluster import RabbitMQCluster
from tests.faults.clusters import three_brokers, under_load
from tests.faults.lab import Lab
from tests.faults.report import Report

ID, TITLE = "R26", "one of three broker nodes killed -9 under load"
TARGET = "0 lost, 0 doubled, 0 stuck, 0 phantom; serving again within 30 s of each kill, without the node"
OPERATIONS, UNIT = 3, "kills"
AWAY_S = 20.0


def run(lab: Lab, report: Report) -> None:
    kill_nodes(lab, report)
    report.add_blind("queues of calls without copies", {"away s": AWAY_S}, _calls_stop(lab, f"{report.id}-classic"))


def kill_nodes(lab: Lab, report: Report) -> None:
    report.faults = "SIGKILL of a node, first the one that leads the queue of calls; it starts again some seconds later"
    chance = random.Random(report.seed)
    with three_brokers(lab) as (brokers_lab, brokers), under_load(brokers_lab, report.id) as load:
        vhost = load.world.vhost
        with load.going_on():
            for number in range(report.operations):
                time.sleep(chance.uniform(1.0, 3.0))
                node = brokers.leader_of("rpc-till", vhost) if number == 0 else chance.choice(brokers.nodes)
                load.recovered_after(node.kill)
                time.sleep(chance.uniform(1.0, 5.0))
                node.start()
                brokers.ctl("await_online_nodes", str(len(brokers.nodes)), "--timeout", "60")
        load.tell(report)
        copies = _copies(brokers, vhost)
        report.add("queues", copies, [] if copies["on three nodes"] else ["no queue has three copies"])


def _calls_stop(lab: Lab, name: str) -> bool:
    """Whether nobody is served while the only node with the queue of calls is away."""
    with three_brokers(lab, queues="classic") as (brokers_lab, brokers), under_load(brokers_lab, name) as load:
        node = brokers.leader_of("rpc-till", load.world.vhost)
        load.patient.keep("before")
        node.kill()
        time.sleep(AWAY_S / 2)  # for what clients did not know of yet
        served = load.hasty.keep("meanwhile").outcome == "ok"
        return load.patient.account.of("ok") != [] and not served


def _copies(brokers: RabbitMQCluster, vhost: str) -> dict[str, int]:
    lines = brokers.ctl("list_queues", "-p", vhost, "name", "type", "members", "--no-table-headers").splitlines()
    return {"queues": len(lines), "on three nodes": sum(line.count("@") >= len(brokers.nodes) for line in lines)}
