"""R30: the process that accepts the rows of a job is killed at every row, and around the commit of every row."""
from __future__ import annotations

from typing import Any

from tests.faults.job_lives import POINTS, Lives, by_chance
from tests.faults.lab import Lab
from tests.faults.report import Report

ID, TITLE = "R30", "a job killed at every row: while it is composed, before its commit, after its commit"
TARGET = "every row is sent, and none twice"
OPERATIONS, UNIT = 60, "rows"
PROOF_ROWS = 8


def run(lab: Lab, report: Report) -> None:
    report.faults = f"SIGKILL at each of {report.operations} rows, {len(POINTS)} times each"
    with lab.world(report.id, "notification") as world:
        lives = Lives(world.database_url, world.folder, report.operations)
        report.add("ids by job and row", *killed_at_each_row(lives))
    with lab.world(f"{report.id}-proof", "notification") as world:
        counts, wrong = killed_at_each_row(Lives(world.database_url, world.folder, PROOF_ROWS, by_chance))
        report.add_blind("ids of chance", counts, len(wrong))


def killed_at_each_row(lives: Lives) -> tuple[dict[str, Any], list[str]]:
    """Counts, and what is wrong in words."""
    try:
        for row in range(1, lives.rows + 1):
            for point in POINTS:
                lives.live(row, point)
        state, letters = lives.finish(), lives.letters()
    finally:
        lives.close()
    lost = sorted(lives.expected() - set(letters))
    twice = sorted(body for body, times in letters.items() if times > 1)
    wrong = [] if state == "finished" else [f"the job is {state}"]
    wrong += [f"lost: {body}" for body in lost] + [f"sent {letters[body]} times: {body}" for body in twice]
    wrong += [f"{count} processes ended with {end}" for end, count in lives.ends.items() if end.startswith("exit")]
    return {"sent": letters.total(), "lost": len(lost), "twice": len(twice), **lives.ends}, wrong
