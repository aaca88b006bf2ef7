"""One process a service (or several): started, started again when one dies, stopped together."""
from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from shared_components.runtime.platform import POLL_S

LONGEST_PAUSE_S = 30.0
# A process that ran for this long is counted as having been well.
WELL_AFTER_S = 30.0
WRONG_CONFIGURATION = 2
SUPERVISED = "ZHONGTAI_SUPERVISED"
_PR_SET_PDEATHSIG = 1


def end_with_supervisor() -> None:
    """In a supervised process: be told to stop when the supervisor dies, however it dies (Linux)."""
    if os.environ.get(SUPERVISED) and sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class _Worker:
    service: str
    number: int
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    not_before: float = field(default=0.0)


class Supervisor:
    """Keeps the wanted number of processes of each service running."""

    def __init__(self, configuration_path: str | None, counts: Mapping[str, int], *, stop_timeout_s: float) -> None:
        self._prefix = [sys.executable, "-m", "shared_components.cli.main"]
        if configuration_path:
            self._prefix += ["--config", configuration_path]
        self._workers = [_Worker(service, n) for service, count in counts.items() for n in range(1, count + 1)]
        self._stop_timeout_s = stop_timeout_s

    def start(self) -> None:
        for worker in self._workers:
            self._start(worker)

    def watch_until(self, enough: Callable[[], bool]) -> int:
        """Watch, and start again what has died; not 0 when a process says that its configuration is wrong."""
        code = 0
        while not enough() and code == 0:
            time.sleep(POLL_S)
            code = self._watch()
        return code

    def _start(self, worker: _Worker) -> None:
        # A session of its own: Ctrl-C reaches the supervisor alone, which then stops all in order.
        worker.process = subprocess.Popen(
            [*self._prefix, "serve", worker.service], start_new_session=True, env=os.environ | {SUPERVISED: "1"})
        worker.started_at = time.monotonic()

    def _watch(self) -> int:
        now = time.monotonic()
        for worker in self._workers:
            if worker.process is None:
                if now >= worker.not_before:
                    self._start(worker)
            elif worker.process.poll() is not None:
                if worker.process.returncode == WRONG_CONFIGURATION:
                    return WRONG_CONFIGURATION
                self._failed(worker, now)
        return 0

    def _failed(self, worker: _Worker, now: float) -> None:
        assert worker.process is not None
        worker.failures = 1 if now - worker.started_at > WELL_AFTER_S else worker.failures + 1
        pause_s = min(0.5 * 2.0 ** (worker.failures - 1), LONGEST_PAUSE_S)
        worker.not_before = now + pause_s
        print(f"zhongtai: {worker.service}/{worker.number} ended with {worker.process.returncode}; "
              f"starting again in {pause_s:.1f} s", file=sys.stderr, flush=True)
        worker.process = None

    def stop(self) -> int:
        """Stop all in order; not 0 when one did not end well."""
        alive = [worker.process for worker in self._workers if worker.process is not None]
        for process in alive:
            process.terminate()
        deadline = time.monotonic() + self._stop_timeout_s
        code = 0
        for process in alive:
            try:
                process.wait(max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            code = code or int(process.returncode != 0)
        return code
