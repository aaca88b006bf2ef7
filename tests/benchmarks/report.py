"""The table for people, and build/bench/*.json for programs."""
from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.benchmarks.rounds import Measured
from tests.benchmarks.rows import OURS, STOCK, Floor, as_result

BAR = 30


def results(measured: Sequence[Measured]) -> list[dict[str, Any]]:
    found = []
    for one in measured:
        ours = one.median(OURS)
        assert ours is not None
        found.append(as_result(one.row.name, ours, one.median(STOCK)))
    return found


def write(folder: Path, measured: Sequence[Measured]) -> None:
    """results.json: medians; rounds.json: every measurement, with the computing of each part a call."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(json.dumps(results(measured), indent=2) + "\n")
    (folder / "rounds.json").write_text(json.dumps({one.row.name: one.rounds for one in measured}, indent=2) + "\n")


def print_table(console: Console, measured: Sequence[Measured]) -> None:
    entries = results(measured)
    table = Table(title="calls a second; bars are logarithmic, stock nameko is the light part", title_justify="left")
    for name in ("", "", "ours", "stock", "ratio", "p50 ms", "p99 ms", "floor"):
        table.add_column(name, justify="left" if not name or name == "floor" else "right", no_wrap=True)
    longest = max(entry["value"] for entry in entries)
    for one, entry in zip(measured, entries, strict=True):
        table.add_row(
            entry["name"], bar(entry["value"], entry["baseline"], longest), f"{entry['value']:,.0f}",
            "–" if entry["baseline"] is None else f"{entry['baseline']:,.0f}",
            "–" if entry["ratio"] is None else f"{entry['ratio']:.1f} ×",
            f"{entry['p50_ms']:.2f}", f"{entry['p99_ms']:.2f}", verdict(one.row.floor, entry),
        )
    console.print(table)


def bar(value: float, baseline: float | None, longest: float) -> str:
    whole = _length(value, longest)
    light = min(_length(baseline, longest), whole) if baseline else 0
    return "░" * light + "█" * (whole - light)


def _length(value: float, longest: float) -> int:
    from math import log10

    return max(1, round(BAR * log10(max(value, 1) + 1) / log10(longest + 1)))


def verdict(floor: Floor, entry: dict[str, Any]) -> str:
    """Met or missed; never a reason to fail."""
    said = []
    if floor.ratio is not None:
        met = entry["ratio"] is not None and entry["ratio"] >= floor.ratio
        said.append(f"{'met' if met else 'MISSED'} ≥ {floor.ratio:g} ×")
    if floor.rate is not None:
        said.append(f"{'met' if entry['value'] >= floor.rate else 'MISSED'} ≥ {floor.rate:,.0f} /s")
    if floor.aim is not None:
        said.append(f"aim {floor.aim:,.0f}: {'reached' if entry['value'] >= floor.aim else 'not reached'}")
    return ", ".join(said)
