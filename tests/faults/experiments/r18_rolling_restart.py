"""R18: services are replaced one after the other, under load."""
from __future__ import annotations

import time
from collections import Counter

from tests.faults.keeping import Keeper, clients_of
from tests.faults.lab import Lab
from tests.faults.report import Report
from tests.faults.workers import Worker
from tests.faults.world import World

ID, TITLE = "R18", "rolling SIGTERM, leaf and non-leaf services"
TARGET = "0 redelivered, 0 errors; every process exits with 0; events once at their consumer"
OPERATIONS, UNIT = 8, "replacements"
KINDS = ("till", "relay", "auditor")
INTERVAL_S = 5.0


def run(lab: Lab, report: Report) -> None:
    roll(lab, report)


def roll(lab: Lab, report: Report, interval_s: float = INTERVAL_S) -> None:
    report.faults = f"every {interval_s:g} s one process of {', '.join(KINDS)} in turn: a new one starts, then SIGTERM"
    with lab.world(report.id, "till", "relay", "auditor") as world:
        now = {kind: world.workers.start(kind, wait=False) for kind in KINDS}
        world.workers.wait_started(*now.values())
        clients = clients_of(world, 3)
        leaf = Keeper(clients)
        nested = Keeper(clients, service="relay", methods=("keep",))
        codes: list[int | None] = []
        stops: list[float] = []
        with leaf.going_on("leaf", threads=6, pause_s=0.03), nested.going_on("nested", threads=6, pause_s=0.03):
            for number in range(report.operations):
                began = time.monotonic()
                kind = KINDS[number % len(KINDS)]
                codes.append(_replace(world, now, kind, stops))
                time.sleep(max(0.0, interval_s - (time.monotonic() - began)))
        for name, keeper in (("leaf", leaf), ("non-leaf", nested)):
            errors = [one for one in keeper.account.operations if one.first_outcome != "ok"]
            comparison = keeper.compared(world, among="leaf" if keeper is leaf else "nested")
            wrong = [*comparison.wrong] + ([f"{len(errors)} errors: {_codes(keeper)}"] if errors else [])
            report.add(name, {"errors": len(errors), **comparison.counts}, wrong)
        followed = leaf.followed(world)
        report.add("events", followed.counts, followed.wrong)
        redelivered = _begun_twice(world)
        wrong = [f"{redelivered} were begun twice"] if redelivered else []
        wrong += [f"exit code {code}" for code in codes if code != 0]
        report.add("processes", {
            "replaced": len(codes), "begun twice": redelivered, "longest stop s": max(stops)}, wrong)  # fmt: skip


def _replace(world: World, now: dict[str, Worker], kind: str, stops: list[float]) -> int | None:
    fresh = world.workers.start(kind)
    old, now[kind] = now[kind], fresh
    began = time.monotonic()
    old.terminate()
    code = old.wait(30)
    stops.append(time.monotonic() - began)
    return code


def _codes(keeper: Keeper) -> dict[str, int]:
    return dict(Counter(one.code for one in keeper.account.operations if one.first_outcome != "ok"))


def _begun_twice(world: World) -> int:
    begun = Counter(tuple(line[:2]) for line in world.notes() if line[0] in ("started", "relayed"))
    return sum(count > 1 for count in begun.values())
