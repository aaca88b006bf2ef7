"""R10: events are published before their consumer has ever started."""
from __future__ import annotations

from tests.faults.deployed import deploy_own
from tests.faults.keeping import Keeper, clients_of, keys
from tests.faults.lab import Lab
from tests.faults.report import Report

ID, TITLE = "R10", "events published before their consumer ever started"
TARGET = "not lost: each arrives once when the consumer starts"
OPERATIONS = 300


def run(lab: Lab, report: Report) -> None:
    report.faults = "the broker has the shipped topology; the consumer has never run while the events are published"
    with lab.world(report.id, "till", "auditor") as world:
        deploy_own(lab, world)
        world.workers.start("till")
        keeper = Keeper(clients_of(world, 2))
        keeper.keep_all(keys("early", report.operations))
        waiting = world.depth("events.auditor.on_kept")
        world.workers.start("auditor")
        comparison, followed = keeper.compared(world), keeper.followed(world, drain_s=20)
        report.add("before the first start", {"waiting": waiting, **comparison.counts, **followed.counts},
                   [*comparison.wrong, *followed.wrong])  # fmt: skip
