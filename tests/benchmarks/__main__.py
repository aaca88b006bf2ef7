"""`python -m tests.benchmarks [--only bus.echo] [--quick]`: measure, print a table, write build/bench/."""
from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from shared_components.devstack.processes import ServerUnavailable
from tests.benchmarks import report
from tests.benchmarks.cases.run import case_rows, is_case, measure_cases
from tests.benchmarks.measure import LoadFailed
from tests.benchmarks.methods.run import is_method, measure_methods, method_rows
from tests.benchmarks.plot import write_plots
from tests.benchmarks.reconcile import WrongResult
from tests.benchmarks.rounds import Effort, Measured, measure_alone, run_rounds
from tests.benchmarks.rows import ROWS, Row, chosen
from tests.benchmarks.world import World

LINES, QUICK_LINES, MOST_LINES = 200_000, 2_000, 100_000_000
QUICK = Effort(rounds=1, seconds=0, calls=100, warm_up=20)
# One row for each kind of load and each service.
QUICK_ROWS = (
    "bus.echo.concurrent", "bus.echo.in_flight.16", "payment.create_order.concurrent", "event.publish", "gateway.echo",
)


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    every = [*ROWS, *case_rows(), *method_rows()]
    rows = chosen(options.only or (",".join(QUICK_ROWS) if options.quick else ""), every)
    if not rows:
        sys.stderr.write(f"--only is '{options.only}'; rows are: {', '.join(row.name for row in every)}\n")
        return 2
    console = Console(width=None if sys.stdout.isatty() else 200)
    effort = QUICK if options.quick else Effort(options.rounds, options.seconds)
    lines = options.lines or (QUICK_LINES if options.quick else LINES)
    try:
        measured = _measure(rows, effort, lines, console)
    except (ServerUnavailable, LoadFailed, WrongResult) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    written = [*report.write(options.output, measured), *write_plots(options.output, measured)]
    report.print_table(console, measured)
    console.print(f"written: {', '.join(map(str, written))}", soft_wrap=True)
    return 0


def _measure(rows: Sequence[Row], effort: Effort, lines: int, console: Console) -> list[Measured]:
    def tell(line: str) -> None:
        console.print(line, style="dim", highlight=False)

    measured = []
    if shared := [row for row in rows if not row.alone]:
        tell("starting RabbitMQ, PostgreSQL and the services")
        with World() as world:
            measured = run_rounds(world, shared, effort, tell)
    measured += [
        measure_alone(row, lines, tell) for row in rows if row.alone and not is_method(row) and not is_case(row)]
    if cases := [row for row in rows if is_case(row)]:
        tell("starting RabbitMQ, PostgreSQL and the platform")
        measured += measure_cases(cases, effort, tell)
    if found := [row for row in rows if is_method(row)]:
        tell("starting RabbitMQ, PostgreSQL and the platform")
        measured += measure_methods(found, effort, tell)
    return measured


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", default="", metavar="NAME,…", help="rows whose name begins so")
    parser.add_argument("--rounds", type=int, default=3, help="interleaved rounds; the median counts")
    parser.add_argument("--seconds", type=float, default=3.0, help="length of one measurement")
    parser.add_argument("--lines", type=_lines, help=f"of the statement that is reconciled; else {LINES:,}")
    parser.add_argument("--quick", action="store_true", help="a hundred calls each, to see that all works")
    parser.add_argument("--output", type=Path, default=Path("build/bench"), help="where the files go")
    return parser.parse_args(arguments)


def _lines(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_LINES:
        raise argparse.ArgumentTypeError(f"'{text}' is no number of lines; 1 to {MOST_LINES} are allowed")
    return int(text)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        sys.exit(130)
