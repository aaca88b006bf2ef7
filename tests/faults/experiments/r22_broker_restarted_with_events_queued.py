"""R22: the broker restarts, or is killed, with many events queued."""
from __future__ import annotations

from tests.faults.keeping import Keeper, clients_of, keys
from tests.faults.lab import Lab
from tests.faults.load import wait_for
from tests.faults.report import Report
from tests.faults.world import World

ID, TITLE = "R22", "broker restart with events queued"
TARGET = "0 lost, 0 doubled"
OPERATIONS = 10_000


def run(lab: Lab, report: Report) -> None:
    report.faults = "an orderly restart of the broker, then a SIGKILL, while nobody consumes"
    queue = "events.auditor.on_kept"
    with lab.world(report.id, "till", "auditor") as world:
        world.workers.start("auditor").terminate()
        till = world.workers.start("till")
        keeper = Keeper(clients_of(world, 4), methods=("keep_together",))
        keeper.keep_all(keys("queued", report.operations), threads=64)
        expected = world.effects("till")
        wait_for(lambda: world.count("till", "outbox") == 0 and world.depth(queue) >= len(expected), 60)
        queued = world.depth(queue)
        till.terminate()
        till.wait(20)
        lab.rabbitmq.restart()
        after_restart = _depth(world, queue, queued)
        lab.rabbitmq.kill()
        lab.rabbitmq.start()
        after_kill = _depth(world, queue, queued)
        world.workers.start("till")
        world.workers.start("auditor")
        comparison, followed = keeper.compared(world), keeper.followed(world)
        report.add("restart and kill", {
            "queued": queued, "after restart": after_restart, "after kill": after_kill, **comparison.counts,
            **followed.counts}, [*comparison.wrong, *followed.wrong])  # fmt: skip


def _depth(world: World, queue: str, wanted: int) -> int:
    """A quorum queue counts anew after a start: wait a little for all of it."""
    wait_for(lambda: world.depth(queue) >= wanted, 15)
    return world.depth(queue)
