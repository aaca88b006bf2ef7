"""`make lint`, `make check`, `make test`: every stage runs, and a summary closes the output. Exits 1 when one failed.

This process is the "subreaper" of all that the stages start: what a test leaves behind, also a process that
detached itself, is found, ended and reported as a failure.
"""
from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from shared_components.devstack.child_supervisor import PR_SET_CHILD_SUBREAPER, descendants, kill_descendants
from shared_components.devstack.external_servers import ExternalPostgreSQL, ExternalRabbitMQ

LINT = {
    "ruff": ["ruff", "check", "."],
    "mypy": ["mypy", "--strict"],
    "imports": ["lint-imports", "--no-logo"],
}
# The quick ones first: a plain mistake shows itself within the first minute. Then the longest files, so that at the end
# no process is alone with one.
TESTS = ["architecture", "unit", "contract", "cases", "faults", "benchmarks", "e2e", "integration"]
# No servers, and nothing that starts processes: what a contributor runs before each commit.
QUICK_TESTS = ["-q", "-m", "not slow and not integration", "tests/unit", "tests/contract"]
NO_TESTS_COLLECTED = 5
LINGER_S = 3.0
PROCESSES = 3


@dataclass(frozen=True)
class Outcome:
    stage: str
    passed: bool
    seconds: float
    note: str = ""


def main(arguments: Sequence[str]) -> int:
    if not arguments or arguments[0] not in {"lint", "check", "test"}:
        sys.stderr.write("usage: python -m shared_components.testing.checks lint | check | test [PATH…]\n")
        return 2
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGTERM, _interrupted)
    outcomes: list[Outcome] = []
    try:
        paths = list(arguments[1:])
        if not paths:
            outcomes += [_run(name, command) for name, command in LINT.items()]
        if arguments[0] == "check":
            outcomes += [_run("unit tests", ["pytest", *QUICK_TESTS, *_side_by_side(False)]), _leftovers()]
        if arguments[0] == "test":
            outcomes += [_tests(paths), _leftovers()]
    finally:
        kill_descendants()
    return _summary(outcomes)


def _tests(paths: list[str]) -> Outcome:
    chosen = paths or [f"tests/{folder}" for folder in TESTS if any(Path("tests", folder).rglob("test_*.py"))]
    together = _run("tests", ["pytest", "-q", *_side_by_side(bool(paths)), *chosen])
    if together.passed or paths:
        return together
    # Side by side, tests load the machine for each other; what fails alone too has failed.
    again = ["pytest", "-q", "--last-failed", "--last-failed-no-failures=none", *chosen]
    alone = _run("tests that failed, alone", again)
    return Outcome("tests", alone.passed, together.seconds + alone.seconds, "some failed side by side, see above")


def _side_by_side(one_path: bool) -> list[str]:
    """Half of a test's time is waiting for servers. One that somebody else runs is one for all: no processes then."""
    shared = any(os.environ.get(kind.variable) for kind in (ExternalRabbitMQ, ExternalPostgreSQL))
    return [] if one_path or shared else ["-n", str(PROCESSES), "--dist", "loadfile", "--no-loadscope-reorder"]


def _run(stage: str, command: list[str]) -> Outcome:
    sys.stdout.write(f"── {stage}\n")
    sys.stdout.flush()
    started = time.monotonic()
    program = Path(sys.executable).with_name(command[0])
    code = _wait(subprocess.Popen([str(program), *command[1:]], stdin=subprocess.DEVNULL, env=_environment()))
    note = "no test was found" if stage == "tests" and code == NO_TESTS_COLLECTED else ""
    return Outcome(stage, code == 0, time.monotonic() - started, note)


def _environment() -> dict[str, str]:
    """Ours, but bytecode is kept: else each of the hundreds of processes that tests start compiles all it imports."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _wait(process: subprocess.Popen[bytes]) -> int:
    """Wait for its exit code, and reap orphans that come to this process: nobody else takes their exit status."""
    while True:
        pid, status = os.waitpid(-1, 0)
        if pid == process.pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return process.returncode


def _leftovers() -> Outcome:
    started = time.monotonic()
    # A server that was just stopped may still be on its way out.
    while (left := _running()) and time.monotonic() - started < LINGER_S:
        time.sleep(0.1)
    return Outcome("nothing left running", not left, time.monotonic() - started, "; ".join(left))


def _running() -> list[str]:
    found = []
    for pid in descendants(os.getpid()):
        command = Path(f"/proc/{pid}/cmdline")
        words = command.read_bytes().replace(b"\0", b" ").decode(errors="replace").strip() if command.exists() else ""
        if words:  # A process that has ended and was not waited for has no command line.
            found.append(f"{pid} {words[:100]}")
    return found


def _summary(outcomes: Sequence[Outcome]) -> int:
    sys.stdout.write("\n")
    for outcome in outcomes:
        mark = "ok    " if outcome.passed else "FAILED"
        sys.stdout.write(f"{mark} {outcome.stage:<22} {outcome.seconds:6.1f} s  {outcome.note}".rstrip() + "\n")
    return 0 if all(outcome.passed for outcome in outcomes) else 1


def _interrupted(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
