"""R24: the orchestrator of cases killed at every step of its work, alone and in groups."""
from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from tests.faults import crash_points
from tests.faults.cases import START_S, CaseWorld, case_world
from tests.faults.lab import Lab
from tests.faults.load import begun, wait_for
from tests.faults.report import Report

ID, TITLE = "R24", "the orchestrator killed at every step: before and after claim, ask, record, publish and answer"
TARGET = "each point is reached; 0 lost, 0 doubled, 0 stuck; every case is complete, or undone as a whole"
OPERATIONS, UNIT = 80, "cases"

# A claim and a record are commits of the engine; an ask is a call to a component.
POINTS = ("before-commit", "after-commit", "before-ask", "after-ask", "before-publish", "after-publish",
          "before-reply", "after-reply", "before-event-ack", "after-event-ack")  # fmt: skip
LATEST, ENDS_WITHIN_S, REACHED_WITHIN_S = 9, 90, 20


@dataclass(frozen=True)
class Kill:
    point: str
    nth: int

    @property
    def setting(self) -> str:
        return f"{self.point}:{self.nth}"


BLIND_CASES = 8
# Reads of four new cases come first; from the ninth answer on something was done that must not be done again.
BLIND_KILLS = (Kill("after-ask", 9), Kill("after-ask", 10))


def kills(chance: random.Random) -> list[Kill]:
    """Every point early and late, in a random order."""
    found = [Kill(point, nth) for point in POINTS for nth in (1, chance.randint(2, LATEST))]
    chance.shuffle(found)
    return found


def run(lab: Lab, report: Report) -> None:
    report.faults = "the process of matter exits as if killed, the first or a later time that it gets to the point"
    chance = random.Random(report.seed)
    counts, wrong = carry_under_fire(lab, report.id, report.operations, kills(chance))
    report.add("with all protections", counts, wrong)
    counts, _ = carry_under_fire(lab.blind_to("operations"), f"{ID}-operations", BLIND_CASES, BLIND_KILLS)
    report.add_blind("components without operation ids", counts, counts["doubled"])
    counts, _ = carry_under_fire(lab.blind_to("leases"), f"{ID}-leases", BLIND_CASES, BLIND_KILLS, patience_s=20)
    report.add_blind("claims without an end", counts, counts["lost"])


def carry_under_fire(
    lab: Lab, name: str, cases: int, wanted: Sequence[Kill], *, patience_s: float = ENDS_WITHIN_S,
) -> tuple[dict[str, Any], list[str]]:
    """For each kill begin some cases beside those under way, and end the process at its point; the last one finishes.

    cases: all together.
    """
    reached: list[Kill] = []
    with case_world(lab, name) as made:
        with ExitStack() as under_way:
            for kill in wanted:
                new = made.prepare(max(cases // len(wanted), 1))
                under_way.enter_context(begun(new, made.carry, threads=len(new)))
                if _ended_at(made, kill):
                    reached.append(kill)
            made.start()
        made.settled(patience_s)
        account = made.account()
    missed = sorted({kill.point for kill in wanted} - {kill.point for kill in reached})
    wrong = account.wrong + ([f"never reached: {', '.join(missed)}"] if missed else [])
    return {**account.counts, "kills": len(reached)}, wrong


def _ended_at(made: CaseWorld, kill: Kill) -> bool:
    """Whether the process has ended at its point. One that rarely gets there is killed wherever it is."""
    # It may end as soon as it has started: calls wait for it.
    worker = made.start(wait=False, ZHONGTAI_CRASH_AT=kill.setting)
    wait_for(lambda: worker.started or not worker.running, START_S)
    code = worker.wait(REACHED_WITHIN_S)
    if code is None:
        worker.kill()
    return code == crash_points.EXIT_CODE
