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
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO

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
# The tests of what is shown to others; they are run by those who take it, too.
EXAMPLES = ["docs/examples/residence-permit/tests"]
# No servers, and nothing that starts processes: what a contributor runs before each commit.
QUICK_TESTS = ["-q", "-m", "not slow and not integration", "tests/unit", "tests/contract"]
NO_TESTS_COLLECTED = 5
LINGER_S = 3.0
PROCESSES = 3
# The quick tests start no servers, and each process imports and collects all of them: 6.4 s of computing for the first
# 2,497 of 6,472. Beside them run ruff, mypy and import-linter.
QUICK_PROCESSES = 2


@dataclass(frozen=True)
class Outcome:
    stage: str
    passed: bool
    seconds: float
    note: str = ""


@dataclass(frozen=True)
class _Running:
    """output: where it is kept until it is shown; None: it is seen as it comes."""

    stage: str
    process: subprocess.Popen[bytes]
    output: IO[bytes] | None
    started: float


def main(arguments: Sequence[str]) -> int:
    if not arguments or arguments[0] not in {"lint", "check", "test"}:
        sys.stderr.write("usage: python -m shared_components.testing.checks lint | check | test [PATH…]\n")
        return 2
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGTERM, _interrupted)
    outcomes: list[Outcome] = []
    try:
        paths = list(arguments[1:])
        if arguments[0] == "check":
            quick = ["pytest", *QUICK_TESTS, *_side_by_side(False, QUICK_PROCESSES)]
            outcomes += _run_together({**LINT, "unit tests": quick})
        elif not paths:
            outcomes += _run_together(LINT)
        if arguments[0] == "test":
            outcomes.append(_tests(paths))
        if arguments[0] != "lint":
            outcomes.append(_leftovers())
    finally:
        kill_descendants()
    return _summary(outcomes)


def _tests(paths: list[str]) -> Outcome:
    ours = [f"tests/{folder}" for folder in TESTS if any(Path("tests", folder).rglob("test_*.py"))]
    chosen = paths or [*ours, *EXAMPLES]
    together = _run("tests", ["pytest", "-q", *_side_by_side(bool(paths)), *chosen])
    if together.passed or paths:
        return together
    # Side by side, tests load the machine for each other; what fails alone too has failed.
    again = ["pytest", "-q", "--last-failed", "--last-failed-no-failures=none", *chosen]
    alone = _run("tests that failed, alone", again)
    return Outcome("tests", alone.passed, together.seconds + alone.seconds, "some failed side by side, see above")


def _side_by_side(one_path: bool, processes: int = PROCESSES) -> list[str]:
    """Half of a test's time is waiting for servers. One that somebody else runs is one for all: no processes then."""
    shared = any(os.environ.get(kind.variable) for kind in (ExternalRabbitMQ, ExternalPostgreSQL))
    return [] if one_path or shared else ["-n", str(processes), "--dist", "loadfile", "--no-loadscope-reorder"]


def _run(stage: str, command: list[str]) -> Outcome:
    return _run_together({stage: command})[0]


def _run_together(stages: Mapping[str, list[str]]) -> list[Outcome]:
    """Run stages at once: one tool alone would leave all cores but one idle.

    The output of the last is seen as it comes, that of the others when all have ended.
    """
    sys.stdout.write(f"── {', '.join(stages)}\n")
    sys.stdout.flush()
    *_, last = stages
    running = [_start(stage, command, hidden=stage != last) for stage, command in stages.items()]
    outcomes = {}
    for pid, code, at in _ended({one.process.pid for one in running}):
        one = next(one for one in running if one.process.pid == pid)
        one.process.returncode = code
        note = "no test was found" if one.stage == "tests" and code == NO_TESTS_COLLECTED else ""
        outcomes[one.stage] = Outcome(one.stage, code == 0, at - one.started, note)
    for one in running:
        _show(one)
    return [outcomes[stage] for stage in stages]


def _start(stage: str, command: list[str], *, hidden: bool) -> _Running:
    output = tempfile.TemporaryFile() if hidden else None  # noqa: SIM115 -- closed by _show
    program = Path(sys.executable).with_name(command[0])
    process = subprocess.Popen(
        [str(program), *command[1:]], stdin=subprocess.DEVNULL, env=_environment(), stdout=output,
        stderr=None if output is None else subprocess.STDOUT)
    return _Running(stage, process, output, time.monotonic())


def _show(one: _Running) -> None:
    if one.output is not None:
        with one.output as output:
            output.seek(0)
            sys.stdout.write(f"── {one.stage}\n{output.read().decode(errors='replace')}")
        sys.stdout.flush()


def _environment() -> dict[str, str]:
    """Ours, but bytecode is kept: else each of the hundreds of processes that tests start compiles all it imports."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _ended(pids: set[int]) -> Iterator[tuple[int, int, float]]:
    """Wait until all have ended; gives of each its exit code and when it was.

    Reaps also orphans that come to this process: nobody else takes their exit status.
    """
    while pids:
        pid, status = os.waitpid(-1, 0)
        if pid in pids:
            pids.remove(pid)
            yield pid, os.waitstatus_to_exitcode(status), time.monotonic()


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
