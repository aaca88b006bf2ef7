"""R2: a process ends at every named point of the bus."""
from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shared_components.bus.server.step_hook import STEPS
from tests.faults import crash_points
from tests.faults.keeping import Keeper, clients_of, keys
from tests.faults.lab import Lab
from tests.faults.load import each
from tests.faults.report import Report
from tests.faults.workers import Worker
from tests.faults.world import World

ID, TITLE = "R2", "exit at every crash point: before and after commit, publish, reply, ack, and of events"
TARGET = "each point is reached and passes: 0 lost, 0 doubled, 0 stuck, 0 phantom; events once at their consumer"
OPERATIONS, UNIT = 16, "operations a case"

# where a service without event handlers, or without calls, comes by
OF_CALLS = (
    "before-commit", "after-commit", "before-publish", "after-publish", "before-reply", "after-reply", "after-ack",
)  # fmt: skip
OF_EVENTS = ("before-commit", "after-commit", "before-event-ack", "after-event-ack", "after-retry-publish")
CRASH_S = 12.0


@dataclass(frozen=True)
class Case:
    service: str
    point: str
    nth: int

    @property
    def name(self) -> str:
        return f"{self.service} {self.point} {self.nth}"

    @property
    def prefix(self) -> str:
        return self.name.replace(" ", ".") + "."


def cases(chance: random.Random) -> list[Case]:
    """Every point of either service, at its first to fourth time."""
    by_service = {"till": OF_CALLS, "auditor": OF_EVENTS}
    assert {*OF_CALLS, *OF_EVENTS} == set(STEPS), "a crash point has no case"
    return [Case(service, point, chance.randint(1, 4)) for service, points in by_service.items() for point in points]


def run(lab: Lab, report: Report) -> None:
    report.faults = "the worker exits as if killed, the first to fourth time that it gets to the point"
    for case, counts, ended, wrong in crash_at_each(
            lab, report.id, cases(random.Random(report.seed)), report.operations):
        report.add(case.name, {"ended": ended, **counts}, wrong)


def crash_at_each(
    lab: Lab, name: str, chosen: list[Case], operations: int
) -> Iterator[tuple[Case, dict[str, Any], str, list[str]]]:
    """One world; each case's worker is the replacement of the one that the case before has ended."""
    with lab.world(name, "till", "auditor") as world:
        steady = {"till": "auditor", "auditor": "till"}
        ended: dict[Case, str] = {}
        keepers: dict[Case, Keeper] = {}
        clients = clients_of(world, 2)
        other: Worker | None = None
        for case in chosen:
            if other is None or other.name != steady[case.service]:
                if other is not None:
                    other.kill()
                other = world.workers.start(steady[case.service])
            keepers[case] = Keeper(clients, timeout_s=1.5)
            ended[case] = _crash(world, case, keepers[case], operations)
        world.workers.wait_started(*[world.workers.start(service, wait=False) for service in ("till", "auditor")])
        yield from _compared(world, keepers, ended)


def _crash(world: World, case: Case, keeper: Keeper, operations: int) -> str:
    """Load one worker until it has ended at its point; gives how it ended."""
    worker = world.workers.start(case.service, ZHONGTAI_CRASH_AT=f"{case.point}:{case.nth}")
    # An event is sent to wait only when its handler fails; in a group it is tried more often, and does not fail.
    retried = case.point == "after-retry-publish"
    arguments = {"fails": 1} if retried else {}
    # Few at a time: they would go as one group, and the point would not be reached often enough.
    each(keys(case.prefix, operations * 2 if retried else operations),
         lambda key: worker.running and keeper.keep(key, **arguments), threads=1 if retried else 3)
    code = worker.wait(CRASH_S)
    if code is None:
        worker.kill()
    return {None: "not reached", crash_points.EXIT_CODE: "at the point"}.get(code, f"exit {code}")


def _compared(
    world: World, keepers: dict[Case, Keeper], ended: dict[Case, str]
) -> Iterator[tuple[Case, dict[str, Any], str, list[str]]]:
    comparisons = {case: keeper.compared(world, among=case.prefix) for case, keeper in keepers.items()}
    followed = next(iter(keepers.values())).followed(world)
    heard = world.effects("auditor")
    for case, comparison in comparisons.items():
        kept = [key for key in world.effects("till") if key.startswith(case.prefix)]
        events = {"events lost": sum(heard[key] == 0 for key in kept),
                  "events doubled": sum(heard[key] > 1 for key in kept)}  # fmt: skip
        wrong = [*comparison.wrong, *(f"{count} {name}" for name, count in events.items() if count)]
        if ended[case] != "at the point":
            wrong.append(f"the worker did not end at its point: {ended[case]}")
        comparison_and_events = {**comparison.counts, **events}
        if case == next(iter(keepers)):
            wrong += [what for what in followed.wrong if "events" not in what]
        yield case, comparison_and_events, ended[case], wrong
