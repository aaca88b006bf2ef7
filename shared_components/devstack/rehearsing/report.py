"""The report of a rehearsal: one HTML file with plots, and the plan for a larger peak with its arithmetic."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil

from shared_components.devstack.rehearsing.load import Result

WIDTH, HEIGHT = 720, 180
# What a process, a broker and a database are planned to be used, so that a peak within the peak has room.
USED = 0.7
# A process uses a core; the broker and the database together need about as much for durable work.
SERVER_CORES_A_PROCESS_CORE = 1.0
TARGET = 38_000


@dataclass(frozen=True)
class Plan:
    """rate_a_process: good calls a second that one process did."""

    target: int
    rate_a_process: float
    processes: int
    server_cores: int

    @property
    def arithmetic(self) -> str:
        if not self.rate_a_process:
            return "No call was good, so nothing can be planned."
        return (f"{self.target:,} /s ÷ ({self.rate_a_process:,.0f} /s a process × {USED:.0%} used) = "
                f"{self.processes:,} processes, a core each; {self.processes:,} × {SERVER_CORES_A_PROCESS_CORE:g} = "
                f"{self.server_cores:,} cores of brokers and databases")


def plan(result: Result, processes: int, target: int = TARGET) -> Plan:
    """processes: of the services that were called. The rehearsal must have asked for more than they could do."""
    rate = result.best_rate / max(processes, 1)
    wanted = ceil(target / (rate * USED)) if rate else 0
    return Plan(target, rate, wanted, ceil(wanted * SERVER_CORES_A_PROCESS_CORE))


def html(result: Result, processes: int, target: int = TARGET) -> str:
    made, seconds = plan(result, processes, target), result.seconds
    rows = "".join(
        f"<tr><td>{escape(code)}</td><td>{count:,}</td></tr>" for code, count in result.outcomes.most_common())
    durations = [_p95(second.durations_ms) for second in seconds]
    plots = _plot("Calls due (grey) and good (green) a second", [second.due for second in seconds],
                  [second.ended["ok"] for second in seconds])
    plots += _plot("95 % of the calls within, ms", durations)
    percentiles = ", ".join(f"p{share * 100:g} {result.percentile_ms(share):,.0f} ms" for share in (0.5, 0.95, 0.99))
    kept_up = "kept up: ask for more to find its limit" if result.outcomes["ok"] == result.outcomes.total() \
        else "did not do all that was asked"
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Rehearsal</title>
<style>body{{font:16px sans-serif;max-width:48em;margin:2em auto}}td{{padding-right:1em}}</style>
<h1>Rehearsal of a peak 高峰演练</h1>
<p>Shape {escape(result.peak.shape)}, to {result.peak.rate:,.0f} calls a second, {result.peak.seconds:,.0f} s,
{processes} processes. The platform {kept_up}. {percentiles}, counted from the moment a call was due.</p>
<table>{rows}</table>
{plots}
<h2>Plan 规划</h2>
<p>Best tenth of the time: {result.best_rate:,.0f} good calls a second.</p>
<p>{escape(made.arithmetic)}.</p>
<p>The sum assumes that more hosts do as much as this one, process by process. Check it on real machines.</p>
</html>
"""


def _plot(title: str, *lines: Sequence[float]) -> str:
    most = max((value for line in lines for value in line), default=0) or 1
    colours = ("#999", "#080") if len(lines) > 1 else ("#048",)
    drawn = "".join(
        f'<polyline fill="none" stroke="{colour}" points="{_points(line, most)}"/>'
        for colour, line in zip(colours, lines, strict=False))
    return (f"<h2>{escape(title)}</h2><svg viewBox='0 0 {WIDTH} {HEIGHT}' width='{WIDTH}' height='{HEIGHT}'>{drawn}"
            f"<text x='4' y='14' font-size='12'>{most:,.0f}</text></svg>")


def _points(line: Sequence[float], most: float) -> str:
    step = WIDTH / max(len(line) - 1, 1)
    return " ".join(
        f"{number * step:.1f},{HEIGHT - value / most * (HEIGHT - 20):.1f}" for number, value in enumerate(line))


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[min(int(len(values) * 0.95), len(values) - 1)] if values else 0.0
