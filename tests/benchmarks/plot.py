"""The plots: throughput over calls in flight, and over worker processes."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.rounds import Measured
from tests.benchmarks.rows import OURS, STOCK, WORKERS

WORKS = {"bus.echo": "echo", "payment.create_order": "create_order, durable"}
COLOURS = {"bus.echo": "#00695c", "payment.create_order": "#b23c17"}
Points = list[tuple[int, float]]


def write_plots(folder: Path, measured: Sequence[Measured]) -> list[Path]:
    """Throughput as PNG and SVG; gives their paths, none when no line has two points. Those of an earlier run go."""
    paths = [folder / f"throughput.{kind}" for kind in ("png", "svg")]
    for path in paths:
        path.unlink(missing_ok=True)
    in_flight = {key: line for key, line in _in_flight(measured) if len(line) > 1}
    workers = {key: line for key, line in _workers(measured) if len(line) > 1}
    if not in_flight and not workers:
        return []
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, (left, right) = pyplot.subplots(1, 2, figsize=(11, 4.5), layout="constrained")
    for (work, side), line in in_flight.items():
        left.plot(*zip(*line, strict=True), marker="o", color=COLOURS[work], linestyle="-" if side == OURS else ":",
                  label=f"{WORKS[work]}, {'zhongtai' if side == OURS else 'stock nameko'}")
    for (work, _), line in workers.items():
        right.plot(*zip(*line, strict=True), marker="o", color=COLOURS[work], label=WORKS[work])
    _dress(left, "calls in flight, one client process", log=True)
    _dress(right, "worker processes of the service", log=False)
    for path in paths:
        figure.savefig(path, dpi=130)
    pyplot.close(figure)
    return paths


def _dress(axes: Any, label: str, *, log: bool) -> None:
    axes.set_xlabel(label)
    axes.set_ylabel("calls a second")
    if log:
        axes.set_xscale("log", base=2)
        axes.xaxis.set_major_formatter("{x:,.0f}")
    else:
        axes.set_xticks([1, *WORKERS])
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.yaxis.set_minor_formatter("{x:,.0f}" if not log else "")
    axes.grid(visible=True, which="both", alpha=0.25)
    if axes.lines:
        axes.legend(fontsize="small")


def _in_flight(measured: Sequence[Measured]) -> Iterator[tuple[tuple[str, str], Points]]:
    for work in WORKS:
        of_work = [one for one in measured if one.row.curve == work and one.row.workers == 1]
        for side in (OURS, STOCK):
            points = [(_count(one, side), found["rate"]) for one in of_work if (found := one.median(side)) is not None]
            yield (work, side), sorted(points)


def _count(one: Measured, side: str) -> int:
    chosen = one.row.ours if side == OURS else one.row.stock
    assert chosen is not None
    return chosen.in_flight


def _workers(measured: Sequence[Measured]) -> Iterator[tuple[tuple[str, str], Points]]:
    for work in WORKS:
        of_work = [one for one in measured if one.row.scales == work]
        yield (work, OURS), sorted(
            (one.row.workers, found["rate"]) for one in of_work if (found := one.median(OURS)) is not None)
