"""The table for people, and build/bench/*.json for programs."""
from __future__ import annotations

import json
import os
from collections.abc import Sequence
from math import log10
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.benchmarks.rounds import Measured
from tests.benchmarks.rows import OURS, STOCK, Floor, as_result, not_measured

BAR = 24
ROLES = ("load", "gateway", "service", "broker", "database")
CONDITIONS = (
    "ours: callers authenticated by the broker, validation both ways, operation ids, deadlines, metrics, traces;",
    "      off: of the summary lines of good calls one in a hundred is written",
    "PostgreSQL: fsync=on, synchronous_commit=on, full_page_writes=on, shared_buffers=64MB; "
    f"{os.cpu_count()} cores for all",
    "stock: nameko 2.14.1, the same work by the ORM, one event by EventDispatcher; none of the above but validation;",
    "       beside_bare: an order of one row, as little as an order can be",
)


def results(measured: Sequence[Measured]) -> list[dict[str, Any]]:
    found = []
    for one in measured:
        ours = one.median(OURS)
        if ours is None:
            found.append(not_measured(one.row.name, one.reason, unit=one.row.unit))
        else:
            found.append(as_result(
                one.row.name, ours, one.median(STOCK), unit=one.row.unit, extra=one.row.extra))
    values = {entry["name"]: entry["value"] for entry in found}
    for one, entry in zip(measured, found, strict=True):
        if one.row.beside:
            value, limit = values.get(one.row.beside), entry["value"]
            entry["beside"] = one.row.beside
            entry["share"] = round(value / limit, 3) if value and limit else None
    return found


def write(folder: Path, measured: Sequence[Measured]) -> list[Path]:
    """results.json: medians; rounds.json: every measurement, with each part's computing a call. Gives their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = {"results": results(measured), "rounds": {one.row.name: one.rounds for one in measured}}
    paths = [folder / f"{name}.json" for name in contents]
    for path, content in zip(paths, contents.values(), strict=True):
        path.write_text(json.dumps(content, indent=2) + "\n")
    return paths


def print_table(console: Console, measured: Sequence[Measured]) -> None:
    entries = results(measured)
    table = Table(title="calls a second; bars are logarithmic, the light part is stock nameko", title_justify="left")
    for name in ("", "", "ours", "stock", "ratio", "p50 ms", "p99 ms", "computing", "floor"):
        table.add_column(name, justify="left" if not name or name == "floor" else "right", no_wrap=True)
    longest = max((entry["value"] for entry in entries if entry["value"] is not None), default=1.0)
    for one, entry in zip(measured, entries, strict=True):
        if entry["value"] is None:
            table.add_row(entry["name"], f"not measured: {entry['reason']}")
            continue
        table.add_row(
            entry["name"], bar(entry["value"], entry["baseline"], longest), f"{entry['value']:,.0f}",
            "–" if entry["baseline"] is None else f"{entry['baseline']:,.0f}",
            "–" if entry["ratio"] is None else f"{entry['ratio']:.1f} ×",
            *("–" if entry[key] is None else f"{entry[key]:.2f}" for key in ("p50_ms", "p99_ms")), computing(one),
            verdict(one.row.floor, entry),
        )
    console.print(table)
    console.print("computing: µs a call of load generator + gateway or edge + service + broker + database", style="dim")
    for entry in entries:
        if entry["unit"] == "lines/s":
            console.print(_alone(entry), style="dim", soft_wrap=True)
    for entry in entries:
        if entry.get("share") is not None:
            console.print(f"{entry['beside']} is {entry['share']:.1%} of {entry['name']}", style="dim", soft_wrap=True)
    for line in CONDITIONS:
        console.print(line, style="dim", soft_wrap=True)


def computing(one: Measured) -> str:
    ours = one.median(OURS)
    if ours is None or f"{ROLES[1]}_us" not in ours:
        return "–"
    return " + ".join(f"{max(ours[f'{role}_us'], 0):.0f}" for role in ROLES)


def _alone(entry: dict[str, Any]) -> str:
    return (
        f"{entry['name']}: {entry['lines']:,.0f} lines, in {entry['unit']}; import "
        f"{entry['import_lines_per_s']:,.0f} with {entry['import_peak_mib']:.0f} MiB at most, then reconciliation "
        f"{entry['reconcile_lines_per_s']:,.0f} with {entry['reconcile_peak_mib']:.0f} MiB"
    )


def bar(value: float, baseline: float | None, longest: float) -> str:
    whole = _length(value, longest)
    light = min(_length(baseline, longest), whole) if baseline else 0
    return "░" * light + "█" * (whole - light)


def _length(value: float, longest: float) -> int:
    return max(1, round(BAR * log10(max(value, 1) + 1) / log10(longest + 1)))


def verdict(floor: Floor, entry: dict[str, Any]) -> str:
    """Met or missed; never a reason to fail."""
    said = []
    if floor.ratio is not None:
        met = entry["ratio"] is not None and entry["ratio"] >= floor.ratio
        said.append(f"{'met' if met else 'MISSED'} ≥ {floor.ratio:g} ×")
    if floor.rate is not None:
        said.append(f"{'met' if entry['value'] >= floor.rate else 'MISSED'} ≥ {floor.rate:,.0f} /s")
    if floor.share is not None:
        met = (entry.get("share") or 0) >= floor.share
        said.append(f"{'met' if met else 'MISSED'} by {entry['beside']}: ≥ {floor.share:.0%} of it")
    if floor.aim is not None:
        said.append(f"aim {floor.aim:,.0f}: {'reached' if entry['value'] >= floor.aim else 'not reached'}")
    return ", ".join(said)
