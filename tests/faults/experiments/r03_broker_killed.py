"""R3: the broker is killed, again and again, under load."""
from __future__ import annotations

import random
import time

from tests.faults.keeping import Keeper, clients_of
from tests.faults.lab import Lab
from tests.faults.load import wait_for
from tests.faults.report import Report
from tests.faults.world import World

ID, TITLE = "R3", "broker killed -9 under load"
TARGET = "0 lost, 0 doubled, 0 stuck, 0 phantom; serving again within 30 s of each kill"
OPERATIONS, UNIT, TABLE = 5, "kills", 20
RECOVERY_S = 30.0


def run(lab: Lab, report: Report) -> None:
    report.faults = "SIGKILL of RabbitMQ's processes, restarted after up to 2 s"
    report.note_size(TABLE)
    chance = random.Random(report.seed)
    with lab.world(report.id, "till", "auditor") as world:
        started = [world.workers.start(service, wait=False) for service in ("till", "till", "auditor")]
        world.workers.wait_started(*started)
        clients = clients_of(world, 3)
        patient, hasty = Keeper(clients, timeout_s=15), Keeper(clients, timeout_s=1.5)
        with patient.going_on("patient", threads=8, pause_s=0.05), hasty.going_on("hasty", threads=8, pause_s=0.05):
            recoveries = [_kill(lab, patient, chance) for _ in range(report.operations)]
        for name, keeper in (("patient", patient), ("hasty", hasty)):
            comparison = keeper.compared(world, among=name)
            report.add(f"{name} clients ({keeper.timeout_s:g} s)", {
                "operations": len(keeper.account.operations), **comparison.counts}, comparison.wrong)  # fmt: skip
        followed = patient.followed(world)
        report.add("events and recovery", {**followed.counts, "longest recovery s": max(recoveries)},
                   [*followed.wrong, *_slow(recoveries), *_ended(world)])  # fmt: skip


def _kill(lab: Lab, keeper: Keeper, chance: random.Random) -> float:
    """Kill and start the broker; gives the seconds from the kill until an operation that began later is ok."""
    time.sleep(chance.uniform(1.0, 3.0))
    killed = time.monotonic()
    lab.rabbitmq.kill()
    time.sleep(chance.uniform(0.0, 2.0))
    lab.rabbitmq.start()
    before = len(keeper.account.operations)
    wait_for(lambda: any(one.outcome == "ok" for one in keeper.account.operations[before:]), 2 * RECOVERY_S)
    return time.monotonic() - killed


def _slow(recoveries: list[float]) -> list[str]:
    return [f"serving again only after {seconds:.1f} s" for seconds in recoveries if seconds > RECOVERY_S]


def _ended(world: World) -> list[str]:
    return [f"{worker.name} ended with exit code {worker.code}" for worker in world.workers.all if not worker.running]
