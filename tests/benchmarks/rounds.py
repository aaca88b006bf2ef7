"""Interleaved rounds: stock, ours, stock, ours, … so that a machine's moods fall on both; then medians."""
from __future__ import annotations

import itertools
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.benchmarks import app_tokens, decisions, logins, reconcile, sign_ins
from tests.benchmarks.measure import measure
from tests.benchmarks.rows import OURS, STOCK, Row, Side
from tests.benchmarks.world import World

Summary = dict[str, Any]
Tell = Callable[[str], None]
IN_PROCESS: Mapping[str, Callable[[], Summary]] = {
    "app_tokens": app_tokens.measure, "decisions": decisions.measure, "logins": logins.measure_refresh,
    "sign_ins": sign_ins.measure}
"""Rows that measure themselves."""


@dataclass(frozen=True)
class Effort:
    """calls: exactly so many a measurement; 0: as many as there are in `seconds`."""

    rounds: int = 3
    seconds: float = 3.0
    calls: int = 0
    warm_up: int = 500


@dataclass
class Measured:
    """All rounds of one row. reason: why there are none."""

    row: Row
    reason: str = ""
    rounds: dict[str, list[Summary]] = field(default_factory=lambda: {OURS: [], STOCK: []})

    def median(self, side: str) -> Summary | None:
        return median(self.rounds[side])


def run_rounds(world: World, rows: Sequence[Row], effort: Effort, tell: Tell) -> list[Measured]:
    """Rows with the same number of service processes share them; each number is started once."""
    measured = [Measured(row) for row in rows]
    for workers, group in itertools.groupby(sorted(measured, key=lambda one: one.row.workers),
                                            key=lambda one: one.row.workers):  # fmt: skip
        stage = list(group)
        with world.running(_needs(one.row for one in stage), workers) as missing:
            for one in stage:
                one.reason = next((missing[need] for need in one.row.ours.needs if need in missing), "")
            stage = [one for one in stage if not one.reason]
            for number in range(1, effort.rounds + 1):
                for one in stage:
                    if number == 1 or not one.row.once:
                        _measure(world, one, effort, _told_in_round(tell, f"{number}/{effort.rounds}"))
    return measured


def _told_in_round(tell: Tell, round_number: str) -> Tell:
    return lambda line: tell(f"{round_number}  {line}")


def _measure(world: World, one: Measured, effort: Effort, tell: Tell) -> None:
    for name, side in ((STOCK, one.row.stock), (OURS, one.row.ours)):
        if side is None:
            continue
        summary = measure(side.module, spec(world, side, effort, name), world.folder / "load.log")
        one.rounds[name].append(summary)
        tell(f"{one.row.name:<42} {name:<5} {summary['rate']:>10,.0f} /s")


def measure_alone(row: Row, lines: int, tell: Tell) -> Measured:
    """Measure what needs no service of ours: decisions and sign-ins in this process, refreshes, reconciliation.

    lines: of the statement.
    """
    one = Measured(row)
    if row.ours.module in IN_PROCESS:
        one.rounds[OURS].append(IN_PROCESS[row.ours.module]())
        return one
    found = asdict(reconcile.measure(lines))
    one.rounds[OURS].append({"rate": found["lines_per_s"], **found})
    tell(f"1/1  {row.name:<42} {OURS:<5} {found['lines_per_s']:>10,.0f} lines/s")
    return one


def _needs(rows: Any) -> set[str]:
    return {need for row in rows for side in (row.ours, row.stock) if side is not None for need in side.needs}


def spec(world: World, side: Side, effort: Effort, name: str) -> dict[str, Any]:
    stock = name == STOCK
    # A stock call takes so long that as many for warming up would be most of the run.
    warm_up = max(side.connections, effort.warm_up // 10 if stock or side.in_flight == 1 else effort.warm_up)
    return {
        **world.address(side, stock=stock), "stock": stock, "work": side.work, "in_flight": side.in_flight,
        "connections": side.connections, "seconds": effort.seconds, "calls": effort.calls, "warm_up": warm_up,
    }  # fmt: skip


def median(summaries: Sequence[Mapping[str, Any]]) -> Summary | None:
    """Each figure's median by itself."""
    if not summaries:
        return None
    return {
        key: statistics.median(summary[key] for summary in summaries)
        for key, value in summaries[0].items() if isinstance(value, int | float)
    }
