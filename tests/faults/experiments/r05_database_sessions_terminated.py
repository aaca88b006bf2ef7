"""R5: the database's sessions are terminated at random, and the database restarts."""
from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg2

from tests.faults.keeping import Keeper, clients_of, keys, with_refusals
from tests.faults.lab import Lab
from tests.faults.report import Report
from tests.faults.world import World

ID, TITLE = "R5", "database sessions terminated at random; database restarted and killed"
TARGET = "0 lost, 0 doubled, 0 stuck, 0 phantom; events once at their consumer"
OPERATIONS = 2000
INTERVAL_S = 0.15


def run(lab: Lab, report: Report) -> None:
    report.faults = f"every {INTERVAL_S} s one session of a service ends; a restart and a SIGKILL of the server"
    chance = random.Random(report.seed)
    with lab.world(report.id, "till", "auditor") as world:
        started = [world.workers.start(service, wait=False) for service in ("till", "till", "auditor")]
        world.workers.wait_started(*started)
        keeper = Keeper(clients_of(world, 3), timeout_s=15)
        half = report.operations // 2
        with _terminating(lab, world, chance) as terminated:
            keeper.keep_all(with_refusals(keys("a", half), chance), threads=16)
        comparison = keeper.compared(world)
        report.add("sessions terminated", {"terminated": len(terminated), **comparison.counts}, comparison.wrong)
        with _restarting(lab, chance):
            keeper.keep_all(with_refusals(keys("b", half), chance), threads=16)
        comparison, followed = keeper.compared(world), keeper.followed(world)
        report.add("restart and kill too, all together", {**comparison.counts, **followed.counts},
                   [*comparison.wrong, *followed.wrong])  # fmt: skip


@contextmanager
def _terminating(lab: Lab, world: World, chance: random.Random) -> Iterator[list[int]]:
    stop, ended = threading.Event(), []

    def run() -> None:
        while not stop.wait(INTERVAL_S):
            with suppress(psycopg2.Error):
                found = lab.postgres.execute(
                    f"SELECT pid FROM pg_stat_activity WHERE datname = '{world.database_name}' "  # noqa: S608
                    "AND application_name LIKE 'zhongtai-%' AND application_name NOT LIKE '%-look'")
                if found:
                    pid = chance.choice(sorted(found))[0]
                    lab.postgres.execute(f"SELECT pg_terminate_backend({pid})")
                    ended.append(pid)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield ended
    finally:
        stop.set()
        thread.join(10)


@contextmanager
def _restarting(lab: Lab, chance: random.Random) -> Iterator[None]:
    """An orderly restart, then a crash, beside the block."""
    def run() -> None:
        time.sleep(chance.uniform(0.5, 1.5))
        lab.postgres.restart()
        time.sleep(chance.uniform(1.0, 2.0))
        lab.postgres.kill()
        time.sleep(chance.uniform(0.2, 1.0))
        lab.postgres.start()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        thread.join(60)
