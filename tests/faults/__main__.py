"""`make faults`: run experiments, print what they found, exit 1 when one misses its target, 3 when one was skipped."""
from __future__ import annotations

import argparse
import logging
import random
import signal
import sys
from collections.abc import Sequence

from tests.faults.lab import BUILD, Lab, found_experiments, run
from tests.faults.report import Report

SKIPPED = 3


def main(arguments: Sequence[str]) -> int:
    # With a default SIGTERM the workers and servers of an experiment would outlive it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    known = found_experiments()
    options = _options(arguments, list(known))
    seed = options.seed if options.seed is not None else random.randrange(1, 1_000_000)
    reports: list[Report] = []
    # What clients here complain of while servers are killed belongs beside the workers' logs.
    (BUILD / "logs").mkdir(parents=True, exist_ok=True)
    logging.basicConfig(filename=BUILD / "logs" / "clients.log", filemode="w")
    with Lab.private() as lab:
        for name in options.only or known:
            sys.stderr.write(f"{name} begins: {known[name].TITLE}\n")
            report = run(lab, known[name], seed, options.ops)
            sys.stdout.write(report.text() + "\n")
            sys.stdout.flush()
            reports.append(report)
    return _summary(reports)


def _options(arguments: Sequence[str], known: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--only", type=lambda text: text.split(","), default=[],
                        help=f"experiments, separated by commas; there are {', '.join(known)}")  # fmt: skip
    parser.add_argument("--seed", type=_whole_number, help="repeats an earlier run's choices; else a random one")
    parser.add_argument("--ops", type=_some, help="operations an experiment; else each its own number")
    options = parser.parse_args(arguments)
    unknown = [f"'{name}'" for name in options.only if name not in known]
    if unknown:
        parser.error(f"--only names {', '.join(unknown)}; there are {', '.join(known)}")
    return options


def _whole_number(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"is '{text}'; a whole number from 0 is allowed")
    return int(text)


def _some(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"is '{text}'; a whole number from 1 is allowed")
    return int(text)


def _summary(reports: Sequence[Report]) -> int:
    for report in reports:
        mark = "passed" if report.passed else report.verdict
        sys.stdout.write(f"{report.id:<4} {mark}  {report.seconds:5.0f} s  {report.title}\n")
    sys.stdout.write(f"written to {BUILD}/<id>.json; workers' logs are in {BUILD}/logs\n")
    if any(not report.passed and not report.skipped for report in reports):
        return 1
    return SKIPPED if any(report.skipped for report in reports) else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        sys.exit(130)
