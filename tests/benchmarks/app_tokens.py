"""Tokens of apps a second over HTTP: gateway and identity in a process each, RabbitMQ and PostgreSQL, on two cores.

An app shows its key at POST /oauth/token (client_credentials) and gets a token that is signed for it.
"""
from __future__ import annotations

import asyncio
import base64
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import psutil
import yaml

from shared_components.devstack.postgresql import PrivatePostgreSQL
from shared_components.devstack.processes import LOOPBACK, Launch, SupervisedProcess, free_port
from shared_components.devstack.rabbitmq import PrivateRabbitMQ
from shared_components.devstack.rehearsal import prepare
from tests.benchmarks.load.http import Connection, Run
from tests.benchmarks.world import LOG_SAMPLE

APP, CLIENT = "app-bench", "app-bench-sandbox"
IN_FLIGHT, WARM_UP_S, SECONDS, START_TIMEOUT_S = 64, 3.0, 10.0, 90.0
FORM = b"grant_type=client_credentials"
PROCESSES = ("identity", "gateway")


class WrongAnswer(AssertionError):
    """It was quick, and wrong."""


class FixedRequest(Connection):
    """Asks the same each time."""

    def __init__(self, request: bytes, run: Run) -> None:
        super().__init__(request, lambda n: {}, run)

    def ask(self) -> None:
        if self._run.more():
            self._at = time.perf_counter()
            self._transport.write(self._head)
        else:
            self._transport.close()


def measure() -> dict[str, Any]:
    """rate: tokens a second. identity_cpu_us, gateway_cpu_us: computing of each process for one token.

    Raises WrongAnswer when one answer was an error.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="zhongtai-bench-tokens-")))
        broker = stack.enter_context(PrivateRabbitMQ())
        database = stack.enter_context(PrivatePostgreSQL(durable=True))
        port = free_port()
        own = folder / "own.yaml"
        own.write_text(yaml.safe_dump({
            "http": {"host": LOOPBACK, "port": port, "public_url": f"http://{LOOPBACK}:{port}"},
            "log": {"format": "json", "sample": LOG_SAMPLE},
            "security": {"master_key_file": str(folder / "master.key"), "keys_folder": str(folder / "keys")}}))
        rehearsal = prepare(broker, folder, {"ZHONGTAI_CONFIG": str(own)})
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ZHONGTAI_")} | {
            "ZHONGTAI_BROKER_URL": rehearsal.urls["ZHONGTAI_BROKER_URL"], "PYTHONPATH": str(Path.cwd()),
            "ZHONGTAI_DATABASE_URL": database.create_database("tokens")}
        command = [sys.executable, "-W", "ignore", "-m", "shared_components.cli.main", "-c",
                   str(rehearsal.configuration)]
        _run(command, environment, folder, "migrate")
        processes = {}
        for service in PROCESSES:
            started = SupervisedProcess(Launch(
                [*command, "run", service], folder, folder / f"{service}.log", environment, disposable=False))
            stack.callback(started.stop)
            processes[service] = next(
                each for each in psutil.Process().children() if each.cmdline()[-1] == service)
        _wait_ready(f"http://{LOOPBACK}:{port}/ready")
        key = _registered(command, environment, folder)
        return asyncio.run(_load(port, key, processes))


def _registered(command: list[str], environment: Mapping[str, str], folder: Path) -> str:
    _run(command, environment, folder, "directory", "create-realm", "default", "示范市", "--department", "数据局")
    found = json.loads(_run(command, environment, folder, "directory", "tree", "--json"))
    department = found[0]["department_id"]
    issued = json.loads(_run(
        command, environment, folder, "directory", "apps", "register", APP, "压测", "--department", department,
        "--json"))
    issued = issued[0] if isinstance(issued, list) else issued
    return str(issued["key"])


def _run(command: list[str], environment: Mapping[str, str], folder: Path, *words: str) -> str:
    done = subprocess.run([*command, *words], cwd=folder, env=dict(environment), capture_output=True, text=True,
                          timeout=60, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"zhongtai {' '.join(words)} ended with {done.returncode}: {done.stderr[-500:]}")
    return done.stdout


def _wait_ready(url: str) -> None:
    until = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < until:
        try:
            if httpx.get(url, timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.3)
    raise RuntimeError(f"{url} is not ready after {START_TIMEOUT_S:g} s")


async def _load(port: int, key: str, processes: Mapping[str, psutil.Process]) -> dict[str, Any]:
    secret = base64.b64encode(f"{CLIENT}:{key}".encode()).decode()
    request = (
        f"POST /oauth/token HTTP/1.1\r\nHost: {LOOPBACK}:{port}\r\nAuthorization: Basic {secret}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(FORM)}\r\n\r\n").encode() + FORM
    await _for(WARM_UP_S, port, request)
    before = {name: _computing_s(process) for name, process in processes.items()}
    found = await _for(SECONDS, port, request)
    spent = {name: _computing_s(process) - before[name] for name, process in processes.items()}
    return {**found, **{f"{name}_cpu_us": seconds / found["calls"] * 1e6 for name, seconds in spent.items()}}


def _computing_s(process: psutil.Process) -> float:
    """Computing so far, with that of processes that it has started."""
    return sum(sum(each.cpu_times()[:2]) for each in (process, *process.children(recursive=True)))


async def _for(seconds: float, port: int, request: bytes) -> dict[str, Any]:
    began, cpu = time.perf_counter(), time.process_time()
    run = Run(itertools.count(), IN_FLIGHT, seconds=seconds, calls=0)
    loop = asyncio.get_running_loop()
    for _ in range(IN_FLIGHT):
        await loop.create_connection(lambda: FixedRequest(request, run), LOOPBACK, port)
    await run.over.wait()
    if run.tally.errors:
        raise WrongAnswer(f"answers other than 2xx: {dict(run.tally.errors)}")
    return run.tally.summary(time.perf_counter() - began, time.process_time() - cpu)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure()) + "\n")
