"""R27: one node of three brokers is cut off from the others and from clients, and joined again."""
from __future__ import annotations

import random
import time

from shared_components.devstack.network_namespaces import Namespaces
from shared_components.devstack.rabbitmq_cluster import NODES, RabbitMQCluster
from tests.faults.clusters import three_brokers, under_load
from tests.faults.lab import Lab
from tests.faults.load import wait_for
from tests.faults.report import Report

ID, TITLE = "R27", "one of three broker nodes cut off under load"
TARGET = "0 lost, 0 doubled, 0 stuck, 0 phantom after healing; served within 60 s by the others; no partition remains"
OPERATIONS, UNIT = 2, "cuts"
# Heartbeats of 10 s find a silent connection within 20 s, net_ticktime of 12 s a silent node within 15 s.
RECOVERY_S, HEALED_S = 60.0, 60.0


def run(lab: Lab, report: Report) -> None:
    refusal = Namespaces.refusal()
    if refusal:
        report.skip(refusal)
        return
    cut_nodes_off(lab, report)


def cut_nodes_off(lab: Lab, report: Report) -> None:
    report.faults = "the cable of a node pulled out for 25 to 35 s, first of the one that leads the queue of calls"
    chance = random.Random(report.seed)
    healed = 0
    with Namespaces(NODES) as networks, three_brokers(lab, networks) as (brokers_lab, brokers), \
            under_load(brokers_lab, report.id, recovery_s=RECOVERY_S) as load:  # fmt: skip
        with load.going_on():
            for number in range(report.operations):
                time.sleep(chance.uniform(1.0, 3.0))
                leader = brokers.leader_of("rpc-till", load.world.vhost)
                cut = brokers.nodes.index(leader) if number == 0 else chance.randrange(NODES)
                ends = time.monotonic() + chance.uniform(25.0, 35.0)
                load.recovered_after(lambda cut=cut: networks.cut_off(cut))  # type: ignore[misc]
                time.sleep(max(0.0, ends - time.monotonic()))
                networks.join_again(cut)
                healed += wait_for(lambda: _is_whole(brokers), HEALED_S, pause_s=1.0)
        load.tell(report)
        wrong = [] if healed == report.operations else [f"the cluster was whole again {healed} times"]
        report.add("cluster", {"cuts": report.operations, "healed": healed}, wrong)


def _is_whole(brokers: RabbitMQCluster) -> bool:
    """Whether every node runs and sees all of the others."""
    seen = [node.ctl("eval", "length(rabbit_nodes:all_running()).", timeout_s=60).strip() for node in brokers.nodes]
    return seen == [str(NODES)] * NODES
