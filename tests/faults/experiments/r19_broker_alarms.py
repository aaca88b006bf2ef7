"""R19: the broker runs out of memory or disk, and recovers."""
from __future__ import annotations

import time

from tests.faults.keeping import Keeper, clients_of
from tests.faults.lab import Lab
from tests.faults.load import wait_for
from tests.faults.report import Report
from tests.faults.world import World

ID, TITLE = "R19", "broker disk and memory alarms"
TARGET = "calls fail within their deadline + 1 s, events wait in the outbox; heals by itself within 30 s; 0/0/0"
OPERATIONS, UNIT = 6, "seconds an alarm lasts"
SHORTEST_ALARM_S = 5
TIMEOUT_S, LONGEST_OVERRUN_S, HEALING_S = 3.0, 1.0, 30.0
ALARMS = {
    "memory": (("set_vm_memory_high_watermark", "absolute", "1"), ("set_vm_memory_high_watermark", "0.4")),
    "disk": (("set_disk_free_limit", "1000000GB"), ("set_disk_free_limit", "50MB")),
}  # fmt: skip


def run(lab: Lab, report: Report) -> None:
    # A shorter one would be over before the first call has given up: nothing would be seen.
    report.operations = max(report.operations, SHORTEST_ALARM_S)
    report.faults = "resource alarms by rabbitmqctl: the broker reads no more from connections that publish"
    with lab.world(report.id, "till", "auditor", bus={"confirm_timeout_s": 2}) as world:
        for service in ("till", "auditor"):
            world.workers.start(service)
        for name in ALARMS:
            _alarm(lab, world, report, name)


def _alarm(lab: Lab, world: World, report: Report, name: str) -> None:
    on, off = ALARMS[name]
    keeper = Keeper(clients_of(world, 2), timeout_s=TIMEOUT_S)
    with keeper.going_on(name, threads=8, pause_s=0.05):
        time.sleep(1)
        lab.rabbitmq.ctl(*on)
        began, before = time.monotonic(), len(keeper.account.operations)
        time.sleep(report.operations)
        during = keeper.account.operations[before:]
        ok_during = sum(one.outcome == "ok" for one in during)
        lab.rabbitmq.ctl(*off)
        healed, after = time.monotonic(), len(keeper.account.operations)
        wait_for(lambda: any(one.outcome == "ok" for one in keeper.account.operations[after:]), 2 * HEALING_S)
        healing_s = time.monotonic() - healed
        time.sleep(1)
    comparison, followed = keeper.compared(world, among=name), keeper.followed(world)
    overrun_s = keeper.account.longest_overrun_s()
    wrong = [*comparison.wrong, *followed.wrong]
    wrong += [f"a call outlived its deadline by {overrun_s:.2f} s"] if overrun_s > LONGEST_OVERRUN_S else []
    wrong += [f"serving again only after {healing_s:.1f} s"] if healing_s > HEALING_S else []
    wrong += ["the alarm stopped nothing"] if len(during) == ok_during else []
    report.add(f"{name} alarm for {healed - began:.0f} s", {
        "operations": len(keeper.account.operations), **comparison.counts, **followed.counts, "overrun s": overrun_s,
        "healing s": healing_s}, wrong)  # fmt: skip
