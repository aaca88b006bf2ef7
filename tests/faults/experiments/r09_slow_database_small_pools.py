"""R9: a slow database, a pool that is too small, and calls that need further calls."""
from __future__ import annotations

import time

from tests.faults.experiments.r06_network_cut import proxied
from tests.faults.keeping import Keeper, clients_of, keys
from tests.faults.lab import Lab
from tests.faults.proxy import Proxy
from tests.faults.report import Report
from tests.faults.world import World

ID, TITLE = "R9", "database ten times slower, pool saturated, nested calls"
TARGET = "no deadlock: every call ends by its deadline + 1 s and work goes on afterwards; expired work not run; 0/0/0"
OPERATIONS = 400
POOL, TIMEOUT_S, TICK_S = 2, 3.0, 0.05
LONGEST_OVERRUN_S = 1.0


def run(lab: Lab, report: Report) -> None:
    with lab.world(report.id, "till", "relay") as world:
        proxy = world.keep(Proxy(lab.postgres.port))
        slow = world.configure("slow", database={
            "url": proxied(world.database_url, proxy), "pool_size": POOL, "pool_timeout_s": 5})  # fmt: skip
        workers = [world.workers.start(service, wait=False, configuration=slow) for service in ("till", "relay")]
        world.workers.wait_started(*workers)
        clients = clients_of(world, 3)
        normal_s = _seconds_a_call(Keeper(clients, service="relay", methods=("keep",)), "warm")
        delay_s = _slow_down(proxy, Keeper(clients, service="relay", methods=("keep",), timeout_s=30), normal_s)
        report.faults = f"each answer of the database held back {delay_s * 1000:.0f} ms; pools of {POOL}; 64 clients"
        nested = Keeper(clients, service="relay", methods=("keep",), timeout_s=TIMEOUT_S)
        direct = Keeper(clients, methods=("keep",), timeout_s=TIMEOUT_S)
        nested.keep_all(keys("nested", report.operations // 2), threads=48)
        direct.keep_all(keys("direct", report.operations // 2), threads=16)
        proxy.heal()
        time.sleep(1)
        after_s = _seconds_a_call(Keeper(clients, service="relay", methods=("keep",)), "after")
        late = _begun_late(world)
        for name, keeper in (("nested", nested), ("direct", direct)):
            comparison = keeper.compared(world, among=name)
            overrun_s = keeper.account.longest_overrun_s()
            wrong = [*comparison.wrong]
            wrong += [f"a call outlived its deadline by {overrun_s:.2f} s"] if overrun_s > LONGEST_OVERRUN_S else []
            report.add(f"{name} calls", {**comparison.counts, "overrun s": overrun_s}, wrong)
        report.add("speed and lateness", {"normal s": normal_s, "after s": after_s, "begun late": len(late)}, [
            *([f"{len(late)} calls were begun after their deadline, the latest by {max(late):.2f} s"] if late else []),
            *(["a call needs more than 1 s after the load has gone"] if after_s > 1 else []),
        ])  # fmt: skip


def _seconds_a_call(keeper: Keeper, prefix: str, count: int = 10) -> float:
    began = time.monotonic()
    for key in keys(f"{prefix}-{began}", count):
        keeper.keep(key)
    return (time.monotonic() - began) / count


def _slow_down(proxy: Proxy, keeper: Keeper, normal_s: float) -> float:
    """Hold answers back until a call takes ten times as long; gives by how much each."""
    delay_s = normal_s / 4
    while True:
        proxy.delay(delay_s, "down")
        if _seconds_a_call(keeper, "slowing", 3) >= 10 * normal_s or delay_s > 1:
            return delay_s
        delay_s *= 1.5


def _begun_late(world: World) -> list[float]:
    """Seconds after its deadline, of each call whose handler was begun later than a tick after it."""
    lateness = [float(line[2]) - float(line[3]) for line in world.notes() if line[0] == "started" and float(line[3])]
    return [seconds for seconds in lateness if seconds > TICK_S]
