"""`python -m tests.benchmarks [--only bus.echo] [--quick]`: measure, print a table, write build/bench/."""
from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from shared_components.testing.processes import ServerUnavailable
from tests.benchmarks import report
from tests.benchmarks.measure import LoadFailed
from tests.benchmarks.rounds import Effort, Measured, run_rounds
from tests.benchmarks.rows import ROWS, Row, chosen
from tests.benchmarks.world import World

QUICK = Effort(rounds=1, seconds=0, calls=200, warm_up=20)


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    rows = chosen(options.only)
    if not rows:
        sys.stderr.write(f"--only is '{options.only}'; rows are: {', '.join(row.name for row in ROWS)}\n")
        return 2
    console = Console(width=None if sys.stdout.isatty() else 150)
    effort = QUICK if options.quick else Effort(options.rounds, options.seconds)
    try:
        measured = _measure(rows, effort, console)
    except (ServerUnavailable, LoadFailed) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    report.print_table(console, measured)
    report.write(options.output, measured)
    console.print(f"written: {options.output}/results.json")
    return 0


def _measure(rows: Sequence[Row], effort: Effort, console: Console) -> list[Measured]:
    console.print("starting RabbitMQ, PostgreSQL and the services", style="dim")
    with World() as world:
        return run_rounds(world, rows, effort, lambda line: console.print(line, style="dim", highlight=False))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", default="", metavar="NAME,…", help="rows whose name begins so")
    parser.add_argument("--rounds", type=int, default=3, help="interleaved rounds; the median counts")
    parser.add_argument("--seconds", type=float, default=3.0, help="length of one measurement")
    parser.add_argument("--quick", action="store_true", help="a few hundred calls, to see that all works")
    parser.add_argument("--output", type=Path, default=Path("build/bench"), help="where the files go")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
