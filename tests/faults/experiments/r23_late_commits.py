"""R23: many writers, whose commits take different times, on the same aggregates."""
from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Sequence

from shared_components.bus.server.step_hook import STEPS
from tests.faults.chaos import TELLING_POINTS, Killer
from tests.faults.keeping import Keeper, clients_of
from tests.faults.lab import Lab
from tests.faults.load import each
from tests.faults.report import Report
from tests.faults.world import World

ID, TITLE = "R23", "outbox: 32 writers with random commit delays"
TARGET = "every commit published; its numbers in each aggregate are 1, 2, 3, … and arrive in that order"
OPERATIONS = 2000
WRITERS, AGGREGATES, LONGEST_COMMIT_S = 32, 40, 0.03
BLIND_OPERATIONS = 2500


def run(lab: Lab, report: Report) -> None:
    report.faults = f"{WRITERS} writers at {AGGREGATES} aggregates, each commit up to {LONGEST_COMMIT_S} s late"
    _write(lab, report, "1 process", report.operations, tills=1)
    _write(lab, report, "2 processes", report.operations, tills=2)
    _write(lab, report, "2 processes, killed each second", report.operations // 2, tills=2, kill=STEPS)
    blind = Report(ID, TITLE, TARGET, report.seed, BLIND_OPERATIONS)
    _write(lab.blind_to("inbox,outbox"), blind, "inbox and outbox off, killed each second", BLIND_OPERATIONS, tills=2,
           kill=TELLING_POINTS)  # fmt: skip
    counts = blind.rows[0].counts
    report.add_blind(blind.rows[0].case, counts, counts["events lost"] + counts["events doubled"])


def _write(
    lab: Lab, report: Report, case: str, operations: int, *, tills: int, kill: Sequence[str] = ()
) -> None:
    """kill: at which points; none kills nobody."""
    chance = random.Random(report.seed)
    with lab.world(report.id, "till", "auditor") as world:
        started = [world.workers.start(service, wait=False) for service in (*["till"] * tills, "auditor")]
        world.workers.wait_started(*started)
        keeper = Keeper(clients_of(world, 4), timeout_s=15, methods=("keep",))
        writes = [(f"w-{n}", f"agg-{chance.randrange(AGGREGATES)}", chance.random() ** 3 * LONGEST_COMMIT_S)
                  for n in range(operations)]  # fmt: skip
        if kill:
            with Killer(world.workers, chance, points=kill):
                _all(keeper, writes)
        else:
            _all(keeper, writes)
        comparison, followed = keeper.compared(world), keeper.followed(world)
        gaps, inversions = _gaps(world), _inversions(world)
        wrong = [*comparison.wrong, *followed.wrong]
        wrong += [f"{gaps} aggregates with gaps or repeats in their numbers"] if gaps else []
        if inversions and not kill:
            wrong.append(f"{inversions} events arrived after a later one of their aggregate")
        report.add(case, {**comparison.counts, **followed.counts, "gaps": gaps, "out of order": inversions}, wrong)


def _all(keeper: Keeper, writes: list[tuple[str, str, float]]) -> None:
    each(writes, lambda one: keeper.keep(one[0], aggregate=one[1], seconds=one[2]), threads=WRITERS)


def _gaps(world: World) -> int:
    numbers: dict[str, list[int]] = defaultdict(list)
    for aggregate, sequence in world.rows("auditor", "SELECT aggregate, sequence FROM effects"):
        numbers[aggregate].append(sequence)
    return sum(sorted(found) != list(range(1, len(found) + 1)) for found in numbers.values())


def _inversions(world: World) -> int:
    """By the order in which they were first heard; redelivered ones count once."""
    latest: Counter[str] = Counter()
    heard: set[str] = set()
    found = 0
    for key, aggregate, sequence in (line[1:4] for line in world.notes() if line[0] == "heard" and len(line) == 4):
        if key in heard:
            continue
        heard.add(key)
        found += int(sequence) < latest[aggregate]
        latest[aggregate] = max(latest[aggregate], int(sequence))
    return found
