"""R6: connections are black-holed, half-closed, reset and cut, by a proxy in each of them."""
from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from shared_components.bus import BusClient
from tests.faults.keeping import Keeper
from tests.faults.lab import Lab
from tests.faults.load import wait_for
from tests.faults.proxy import Proxy
from tests.faults.report import Report
from tests.faults.world import World

ID, TITLE = "R6", "each direction of a connection black-holed; half-closed, reset, cut"
TARGET = "no call outlives its deadline by more than 1 s; 0/0/0; serving again within 30 s"
OPERATIONS, UNIT, TABLE = 8, "seconds a fault lasts", 90
TIMEOUT_S, LONGEST_OVERRUN_S, RECOVERY_S = 2.0, 1.0, 30.0
LINKS = ("client to broker", "service to broker", "service to database")

Fault = Callable[[Proxy, random.Random], None]
FAULTS: Mapping[str, Fault] = {
    "black hole up": lambda proxy, chance: proxy.black_hole("up"),
    "black hole down": lambda proxy, chance: proxy.black_hole("down"),
    "black hole both": lambda proxy, chance: proxy.black_hole(),
    "half-close": lambda proxy, chance: proxy.half_close(chance.choice(["up", "down"])),
    "reset": lambda proxy, chance: proxy.reset(),
    "cut": lambda proxy, chance: proxy.cut_after(chance.randint(0, 3000), chance.choice(["up", "down"])),
}
SHORT_S = 2.0


def run(lab: Lab, report: Report) -> None:
    report.faults = f"{', '.join(FAULTS)}; each in the links {', '.join(LINKS)}"
    report.note_size(TABLE)
    benches = [_Bench(lab, report, link) for link in LINKS]
    # Side by side: what takes time here is waiting.
    threads = [threading.Thread(target=bench.run, daemon=True) for bench in benches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for bench in benches:
        for case, counts, wrong in bench.rows:
            report.add(case, counts, wrong)
        if bench.error is not None:
            raise bench.error


@dataclass
class _Bench:
    """A world of its own in which one link goes through the proxy."""

    lab: Lab
    report: Report
    link: str

    def __post_init__(self) -> None:
        self.rows: list[tuple[str, dict[str, Any], list[str]]] = []
        self.error: Exception | None = None
        self.world = self.lab.world(f"R6-{LINKS.index(self.link)}", "till", "auditor")

    def run(self) -> None:
        chance = random.Random(f"{self.report.seed} {self.link}")
        try:
            with self.world as world:
                self._run(world, chance)
        except Exception as error:
            self.error = error

    def _run(self, world: World, chance: random.Random) -> None:
        port = self.lab.postgres.port if "database" in self.link else self.lab.rabbitmq.port
        proxy = world.keep(Proxy(port))
        through = self._through(world, proxy)
        world.workers.start("till", configuration=through)
        world.workers.start("auditor")
        url = proxied(world.broker_url, proxy) if self.link == LINKS[0] else world.broker_url
        clients = [world.client(url, heartbeat_s=4) for _ in range(2)]
        for name, fault in FAULTS.items():
            self._case(world, proxy, clients, name, fault, chance)

    def _through(self, world: World, proxy: Proxy) -> Any:
        if self.link == LINKS[1]:
            return world.configure("proxied", broker={"url": proxied(world.broker_url, proxy), "heartbeat_s": 4})
        if self.link == LINKS[2]:
            url = proxied(world.database_url, proxy)
            return world.configure("proxied", database={"url": url, "connect_timeout_s": 3, "tcp_user_timeout_s": 4})
        return None

    def _case(
        self, world: World, proxy: Proxy, clients: list[BusClient], name: str, fault: Fault, chance: random.Random
    ) -> None:
        prefix = f"{name.replace(' ', '.')}-"
        keeper = Keeper(clients, timeout_s=TIMEOUT_S)
        seconds = float(self.report.operations) if "hole" in name else SHORT_S
        with keeper.going_on(prefix, threads=6, pause_s=0.05):
            time.sleep(0.7)
            fault(proxy, chance)
            time.sleep(seconds)
            proxy.heal()
            recovered_s = _recovery(keeper)
        comparison = keeper.compared(world, among=prefix)
        overrun_s = keeper.account.longest_overrun_s()
        self.rows.append((
            f"{self.link}: {name}",
            {"seconds": seconds, "operations": len(keeper.account.operations), **comparison.counts,
             "overrun s": overrun_s, "recovery s": recovered_s},
            [*comparison.wrong, *_wrong(overrun_s, recovered_s)],
        ))  # fmt: skip

    def __hash__(self) -> int:
        return id(self)


def _recovery(keeper: Keeper) -> float:
    """Seconds until an operation that began after now is ok."""
    began, before = time.monotonic(), len(keeper.account.operations)
    wait_for(lambda: any(one.outcome == "ok" for one in keeper.account.operations[before:]), 2 * RECOVERY_S)
    return time.monotonic() - began


def _wrong(overrun_s: float, recovered_s: float) -> list[str]:
    wrong = [f"a call outlived its deadline by {overrun_s:.2f} s"] if overrun_s > LONGEST_OVERRUN_S else []
    return wrong + ([f"serving again only after {recovered_s:.1f} s"] if recovered_s > RECOVERY_S else [])


def proxied(url: str, proxy: Proxy) -> str:
    """The same URL with the proxy's port."""
    head, _, tail = url.rpartition("@")
    host, _, path = tail.partition("/")
    return f"{head}@{host.partition(':')[0]}:{proxy.port}/{path}"
