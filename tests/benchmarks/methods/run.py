"""Measure the chosen methods one after the other, on one platform; slowest first."""
from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any, Self

from tests.benchmarks.measure import LoadFailed, computed
from tests.benchmarks.methods.platform import MethodsPlatform
from tests.benchmarks.methods.recipes import methods
from tests.benchmarks.rounds import Effort, Measured
from tests.benchmarks.rows import OURS, Floor, Row, Side

PREFIX = "methods."
IN_FLIGHT, QUICK_IN_FLIGHT = 512, 32
MOST_SECONDS = 2.0
READS, WRITES = Floor(rate=3_000), Floor()
HOT = {f"methods.{name}": Floor(rate=2_000) for name in (
    "elicence.issue", "elicence.present", "elicence.verify", "notification.send", "payment.create_order",
    "payment.apply_channel_notification")}
"""The writes that come in large numbers."""

Tell = Callable[[str], None]


def method_rows() -> list[Row]:
    """A row for each method of each service."""
    return [_row(f"{PREFIX}{name}", mutating=method.mutating) for name, method in methods().items()]


def is_method(row: Row) -> bool:
    """Whether the row is measured here."""
    return row.name.startswith(PREFIX)


def _row(name: str, *, mutating: bool) -> Row:
    floor = HOT.get(name, WRITES) if mutating else READS
    return Row(name, Side("methods", name.removeprefix(PREFIX), IN_FLIGHT), floor=floor, once=True, alone=True)


def measure_methods(rows: Sequence[Row], effort: Effort, tell: Tell) -> list[Measured]:
    """effort: at most MOST_SECONDS a method; calls: 0 is as many as there is time for."""
    with MethodsPlatform() as platform:
        tell("the platform is up; measuring methods")
        with _Generator(platform, effort) as generator:
            measured = [_measure(row, generator, tell) for row in rows]
    return sorted(measured, key=lambda one: one.rounds[OURS][0]["rate"] if one.rounds[OURS] else float("inf"))


def _measure(row: Row, generator: _Generator, tell: Tell) -> Measured:
    one = Measured(row)
    summary = generator.measure(row.ours.work)
    if "reason" in summary:
        one.reason = summary["reason"]
        tell(f"1/1  {row.name:<48} not measured: {one.reason}")
    else:
        one.rounds[OURS].append(summary)
        tell(f"1/1  {row.name:<48} {summary['rate']:>10,.0f} /s")
    return one


class _Generator:
    """The process that makes the load; asked by lines of JSON."""

    def __init__(self, platform: MethodsPlatform, effort: Effort) -> None:
        spec = {
            **platform.told(), "in_flight": QUICK_IN_FLIGHT if effort.calls else IN_FLIGHT,
            "seconds": min(effort.seconds, MOST_SECONDS), "calls": effort.calls, "warm_up": effort.warm_up,
        }
        # Passwords are in it: a file of ours alone, and not the command line.
        self._spec = platform.folder / "load.json"
        self._spec.touch(mode=0o600)
        self._spec.write_text(json.dumps(spec))
        self._log = platform.folder / "load.log"

    def __enter__(self) -> Self:
        self._errors = self._log.open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.benchmarks.methods.load", str(self._spec)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, text=True)
        self._answer("methods", "start")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stdin.close()  # type: ignore[union-attr]
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._errors.close()

    def measure(self, name: str) -> dict[str, Any]:
        """Measure a method; gives the summary with the computing a call of each part, or a `reason` without one."""
        prepared = self._ask(name, "prepare")
        if "reason" in prepared or prepared["errors"]:
            return {"reason": prepared.get("reason") or f"calls failed: {prepared['errors']}"}
        before = computed()
        summary = self._ask(name, "measure")
        if "reason" in summary:
            return summary
        if summary["errors"] or not summary["calls"]:
            return {"reason": f"calls failed: {summary['errors']}"}
        for role, seconds in computed().items():
            summary[f"{role}_us"] = (seconds - before.get(role, 0.0)) / summary["calls"] * 1e6
        return summary

    def _ask(self, name: str, step: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"method": name, "step": step}) + "\n")
        self._process.stdin.flush()
        answer = self._answer(name, step)
        return {"reason": f"{step} failed: {answer['failed']}"} if "failed" in answer else answer

    def _answer(self, name: str, step: str) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise LoadFailed(f"{name} ended at {step}; its log is {self._log}")
        answer: dict[str, Any] = json.loads(line)
        return answer
