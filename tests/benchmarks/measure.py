"""One measurement: a load generator in a process of its own, and the CPU time of each process during it."""
from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil

from tests.benchmarks.rows import EDGE

# What stands in the command line of a process → whose computing it is.
ROLES = {
    f" {EDGE}": "gateway", "beam.smp": "broker", "postgres": "database", "cli.main": "service", "ours.main": "service",
    "stock.main": "service", "ours.gateway": "gateway",
}  # fmt: skip
LONGEST_S = 600


class LoadFailed(RuntimeError):
    """The generator ended badly, or a call failed: then there is no figure."""


def measure(module: str, spec: Mapping[str, Any], log: Path) -> dict[str, Any]:
    """Run a load generator; gives its summary with `service_us`, `broker_us`, `database_us`: computing a call."""
    if "prepared" in spec:
        _load("prepare", spec, log)
    before = computed()
    summary = _load(module, spec, log)
    calls = summary["calls"] + spec.get("warm_up", 0)
    after = computed()
    for role, seconds in after.items():
        summary[f"{role}_us"] = (seconds - before.get(role, 0.0)) / calls * 1e6
    return summary


def _load(module: str, spec: Mapping[str, Any], log: Path) -> dict[str, Any]:
    with log.open("ab") as errors:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", f"tests.benchmarks.load.{module}", json.dumps(spec)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, timeout=LONGEST_S, check=False,
        )  # fmt: skip
    if done.returncode != 0:
        raise LoadFailed(f"{module} {spec['work']} ended with {done.returncode}; its log is {log}")
    summary: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    if summary["errors"] or not summary["calls"]:
        raise LoadFailed(f"{module} {spec['work']}: {summary['calls']} calls, errors {summary['errors']}")
    return summary


def computed() -> dict[str, float]:
    """Seconds of computing so far by role, of all processes below this one."""
    sums = dict.fromkeys(ROLES.values(), 0.0)
    for process in psutil.Process(os.getpid()).children(recursive=True):
        try:
            role = _role(process.cmdline())
            times = process.cpu_times()
        except psutil.Error:
            continue  # it has just ended
        if role is not None:
            sums[role] += times.user + times.system
    return sums


def _role(command: list[str]) -> str | None:
    # Supervisors carry the command they watch in their own.
    if any(word.endswith("supervisor.py") for word in command):
        return None
    line = " ".join(command)
    return next((role for mark, role in ROLES.items() if mark in line), None)
