"""`python -m tests.benchmarks.reconcile --lines 1000000`: import a statement of that many lines and reconcile it.

Everything as an operator would do it: `zhongtai payment statement import` and `zhongtai payment reconcile`, each in a
process of its own that says how much memory it has needed at most. PostgreSQL flushes every commit; our own records
and books of the same day lie beside the statement; 2 % of the lines are refunds and one in 250 does not agree.
"""
from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from shared_components.db import migrate
from shared_components.devstack.servers import start_postgresql
from tests.benchmarks.reconcile_world import DAY, TENANT, expected_classes, expected_fees, seed, write_bill

DATABASES = ("postgresql", "sqlite")


class WrongResult(AssertionError):
    """It was quick, and wrong."""


@dataclass(frozen=True)
class Measurement:
    """seconds, and lines in a second, of each half; peaks of memory in MiB, the programs themselves included.

    cpu_s: of the command and of its database session, which does not depend on what else the machine does.
    """

    database: str
    lines: int
    file_mib: float
    import_s: float
    reconcile_s: float
    import_lines_per_s: float
    reconcile_lines_per_s: float
    lines_per_s: float
    import_cpu_s: float
    reconcile_cpu_s: float
    import_peak_mib: float
    reconcile_peak_mib: float


def measure(lines: int, database: str = "postgresql") -> Measurement:
    """Import and reconcile a WeChat Pay bill of so many lines. Raises WrongResult when it finds what is not so."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="zhongtai-reconcile-")))
        url = stack.enter_context(_database(database, folder))
        migrate(url, "payment")
        seed(url, lines)
        file = folder / "bill.csv"
        write_bill(file, lines)
        configuration = _configuration(folder, url)
        arguments = [str(file), "--channel", "wechat", "--date", str(DAY)]
        imported = _run(configuration, ["statement", "import", *arguments])
        reconciled = _run(configuration, ["reconcile", str(DAY)])
        _check(lines, imported.reply, reconciled.reply[0])
        return Measurement(
            database, lines, round(file.stat().st_size / 2**20, 1), round(imported.took_s, 2),
            round(reconciled.took_s, 2), round(lines / imported.took_s), round(lines / reconciled.took_s),
            round(lines / (imported.took_s + reconciled.took_s)), round(imported.cpu_s, 2), round(reconciled.cpu_s, 2),
            imported.peak_mib, reconciled.peak_mib,
        )


def results(measured: Sequence[Measurement]) -> list[dict[str, Any]]:
    """In the form of build/bench/results.json; there is no stock to compare with."""
    return [
        {
            "name": f"payment.reconcile.{each.database}", "value": each.lines_per_s, "unit": "lines/s",
            "baseline": None, "ratio": None, "p50_ms": None, "p99_ms": None, **asdict(each),
        }
        for each in measured
    ]


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder}/zhongtai.db"
        return
    with start_postgresql() as server:
        yield server.url


def _configuration(folder: Path, url: str) -> Path:
    path = folder / "zhongtai.yaml"
    path.write_text(json.dumps({
        "database": {"url": url}, "bus": {"default_tenant": TENANT},
        "security": {"master_key_file": f"{folder}/master.key"},
    }))
    return path


@dataclass(frozen=True)
class _Ran:
    took_s: float
    cpu_s: float
    peak_mib: float
    reply: Any


def _run(configuration: Path, arguments: Sequence[str]) -> _Ran:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ZHONGTAI_")}
    command = [sys.executable, "-W", "ignore", "-m", "tests.benchmarks.reconcile", "--as-command"]
    began, sessions_s = time.perf_counter(), _sessions_cpu_s()
    done = subprocess.run(
        [*command, "-c", str(configuration), "payment", *arguments, "--json"], capture_output=True, text=True,
        env=environment, check=False,
    )
    took_s = time.perf_counter() - began
    if done.returncode:
        raise WrongResult(f"{' '.join(arguments[:2])} failed: {done.stderr[-2000:]}")
    peak_mib, cpu_s = map(float, done.stderr.split()[-2:])
    return _Ran(took_s, cpu_s + _sessions_cpu_s() - sessions_s, peak_mib, json.loads(done.stdout))


def _sessions_cpu_s() -> float:
    """Give the CPU time of ended sessions of database servers that this process has started."""
    servers = [each for each in psutil.Process().children(recursive=True) if each.name() == "postgres"]
    times = [each.cpu_times() for each in servers]
    return sum(each.children_user + each.children_system for each in times)


def _as_command(arguments: Sequence[str]) -> int:
    """Run a command line here, and say on standard error what it took: MiB at most, seconds of the processor."""
    from shared_components.cli.app import run_command

    code = run_command(arguments)
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak_kib = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    times = os.times()
    sys.stderr.write(f"{peak_kib / 1024:.1f} {times.user + times.system:.2f}\n")
    return code


def _check(lines: int, imported: Mapping[str, Any], reconciled: Mapping[str, Any]) -> None:
    found = {(each["kind"], each["class"]): each["count"] for each in reconciled["classes"] if each["count"]}
    if imported["line_count"] != lines or found != expected_classes(lines):
        raise WrongResult(f"found {found}, and there are {expected_classes(lines)}")
    if not imported["fees_minor"] == reconciled["fees_minor"] == expected_fees(lines):
        raise WrongResult(f"found fees of {reconciled['fees_minor']}, and there are {expected_fees(lines)}")


def main(arguments: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["--as-command"]:
        return _as_command(given[1:])
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.reconcile", description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--database", choices=DATABASES, action="append", help="twice for both; else PostgreSQL")
    options = parser.parse_args(given)
    measured = [measure(options.lines, each) for each in options.database or DATABASES[:1]]
    sys.stdout.write(json.dumps(results(measured), indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
