"""Worker processes, started as users start them, and ended as they never hoped to be."""
from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
OWN_SERVICES = ("till", "relay", "auditor", "clerk", "registrar", "steward", "porter")
# Only for one that hangs: beside other work a start has taken more than 40 s, and one that ends is seen at once.
START_TIMEOUT_S = 300.0
STARTED = '"event": "bus.service.started"'


@dataclass
class Worker:
    services: tuple[str, ...]
    process: subprocess.Popen[bytes]
    log: Path
    crash_point: str = ""
    replaced: bool = False
    began_at: float = field(default_factory=time.monotonic)

    @property
    def name(self) -> str:
        return "+".join(self.services)

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    @property
    def code(self) -> int | None:
        return self.process.poll()

    def text(self) -> str:
        return self.log.read_text(errors="replace")

    @property
    def started(self) -> bool:
        return sum("bus.service.started" in line for line in self.text().splitlines()) >= len(self.services)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)

    def terminate(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    def wait(self, seconds: float) -> int | None:
        """Its exit code; None while it still runs."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def rss_bytes(self) -> int:
        with open(f"/proc/{self.process.pid}/statm") as statm:
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


class Workers:
    """All workers of one world. environment: what every one of them gets, on top of ours."""

    def __init__(self, folder: Path, configuration: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._configuration = configuration
        self._environment = {**os.environ, "PYTHONUNBUFFERED": "1", **environment}
        self.all: list[Worker] = []

    def start(
        self, *services: str, wait: bool = True, configuration: Path | None = None, tree: Path = ROOT,
        **environment: str,
    ) -> Worker:
        """One process with these services. Those of the kit run by `zhongtai serve`; ours, unprotected ones and those
        that end at a step by tests.faults.serve. tree: the folder of the code that runs.
        """
        settings = str(configuration or self._configuration)
        own = any(name in OWN_SERVICES for name in services) \
            or not {"ZHONGTAI_FAULTS_OFF", "ZHONGTAI_CRASH_AT"}.isdisjoint(self._environment | environment)
        command = (["tests.faults.serve", settings] if own
                   else ["shared_components.cli.main", "--config", settings, "serve"])  # fmt: skip
        log = self._folder / f"worker-{len(self.all):03}-{'+'.join(services)}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", *command, *services], cwd=tree, stdin=subprocess.DEVNULL,
                stdout=output, stderr=output, env={**self._environment, **environment},
            )  # fmt: skip
        worker = Worker(services, process, log, crash_point=environment.get("ZHONGTAI_CRASH_AT", "").partition(":")[0])
        self.all.append(worker)
        if wait:
            self.wait_started(worker)
        return worker

    def wait_started(self, *workers: Worker) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        for worker in workers:
            while not worker.started:
                if not worker.running:
                    raise RuntimeError(f"{worker.name} ended while starting:\n{worker.text()[-3000:]}")
                if time.monotonic() > deadline:
                    raise RuntimeError(f"{worker.name} did not start:\n{worker.text()[-3000:]}")
                time.sleep(0.05)

    def running(self) -> list[Worker]:
        return [worker for worker in self.all if worker.running]

    def end(self) -> None:
        for worker in self.running():
            worker.process.kill()
        for worker in self.all:
            worker.process.wait(10)

    def logged(self, event: str) -> int:
        """How often the workers have logged an event, all together."""
        return sum(worker.text().count(json.dumps(event)) for worker in self.all)
