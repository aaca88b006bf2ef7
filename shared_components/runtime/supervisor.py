"""One process a service (or several): started, started again when one dies, scaled while it runs, stopped together."""
from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from shared_components.runtime.platform import POLL_S
from shared_components.runtime.worker_counts import check_count

LONGEST_PAUSE_S = 30.0
# A process that ran for this long is counted as having been well.
WELL_AFTER_S = 30.0
WRONG_CONFIGURATION = 2
# The supervisor's process id, in the environment of what it starts.
SUPERVISED = "ZHONGTAI_SUPERVISED"
_PR_SET_PDEATHSIG = 1


def as_supervised(environment: Mapping[str, str]) -> dict[str, str]:
    """Environment of a process that is to end with this one. The kernel counts the thread that starts it."""
    return {**environment, SUPERVISED: str(os.getpid())}


def end_with_supervisor() -> None:
    """In a supervised process: be told to stop when the supervisor dies, however it dies (Linux)."""
    parent = os.environ.pop(SUPERVISED, "")  # what this process starts has another parent
    if parent and sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if str(os.getppid()) != parent:
            # It died before the line above.
            os.kill(os.getpid(), signal.SIGTERM)


@dataclass
class _Worker:
    """leave_by: when a process that was told to leave is killed; None while it is wanted."""

    service: str
    number: int
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    not_before: float = field(default=0.0)
    leave_by: float | None = None

    @property
    def state(self) -> str:
        if self.leave_by is not None:
            return "leaving"
        return "waiting" if self.process is None else "running"


@dataclass(frozen=True)
class WorkerState:
    """state: running, leaving (finishes what it has begun), or waiting (to be started again after it died).

    pid: 0 while it waits.
    """

    service: str
    number: int
    pid: int
    state: str


class Supervisor:
    """Keeps the wanted number of processes of each service running.

    One thread calls start, watch_until and stop; scale and workers may be called from any thread.
    """

    def __init__(self, configuration_path: str | None, counts: Mapping[str, int], *, stop_timeout_s: float) -> None:
        self._prefix = [sys.executable, "-m", "shared_components.cli.main"]
        if configuration_path:
            self._prefix += ["--config", configuration_path]
        self._wanted = dict(counts)
        self._workers = [_Worker(service, n) for service, count in counts.items() for n in range(1, count + 1)]
        self._stop_timeout_s = stop_timeout_s
        self._lock = threading.Lock()

    def start(self) -> None:
        with self._lock:
            for worker in self._workers:
                self._start(worker)

    def scale(self, counts: Mapping[str, int]) -> None:
        """Have so many processes of these services from now on; the others stay as they are.

        New processes start within POLL_S. The youngest leave first: each takes no new work and finishes what it has.
        Raises WrongUse, and changes nothing then.
        """
        with self._lock:
            for service, count in counts.items():
                check_count(count, service, self._wanted)
            self._wanted |= counts

    def wanted(self) -> dict[str, int]:
        with self._lock:
            return dict(self._wanted)

    def workers(self) -> list[WorkerState]:
        with self._lock:
            return [
                WorkerState(worker.service, worker.number, worker.process.pid if worker.process else 0, worker.state)
                for worker in self._workers]

    def watch_until(self, enough: Callable[[], bool]) -> int:
        """Watch, and start again what has died; not 0 when a process says that its configuration is wrong."""
        code = 0
        while not enough() and code == 0:
            time.sleep(POLL_S)
            with self._lock:
                self._adjust()
                code = self._watch()
        return code

    def _adjust(self) -> None:
        """Begin what is missing, and tell what is too many to leave."""
        for service, wanted in self._wanted.items():
            staying = [worker for worker in self._workers if worker.service == service and worker.leave_by is None]
            taken = {worker.number for worker in self._workers if worker.service == service}
            free = (number for number in range(1, len(taken) + wanted + 1) if number not in taken)
            for _ in range(wanted - len(staying)):
                self._workers.append(_Worker(service, next(free)))
            for worker in staying[wanted:]:
                self._leave(worker)

    def _leave(self, worker: _Worker) -> None:
        worker.leave_by = time.monotonic() + self._stop_timeout_s
        if worker.process is not None:
            worker.process.terminate()

    def _start(self, worker: _Worker) -> None:
        # A session of its own: Ctrl-C reaches the supervisor alone, which then stops all in order.
        worker.process = subprocess.Popen(
            [*self._prefix, "serve", worker.service], start_new_session=True, env=as_supervised(os.environ))
        worker.started_at = time.monotonic()

    def _watch(self) -> int:
        now = time.monotonic()
        for worker in list(self._workers):
            if worker.leave_by is not None:
                self._watch_leaving(worker, now)
            elif worker.process is None:
                if now >= worker.not_before:
                    self._start(worker)
            elif worker.process.poll() is not None:
                if worker.process.returncode == WRONG_CONFIGURATION:
                    return WRONG_CONFIGURATION
                self._failed(worker, now)
        return 0

    def _watch_leaving(self, worker: _Worker, now: float) -> None:
        assert worker.leave_by is not None
        process = worker.process
        if process is not None and process.poll() is None:
            if now > worker.leave_by:
                process.kill()
            return
        self._workers.remove(worker)
        if process is not None and process.returncode != 0:
            _say(f"{worker.service}/{worker.number} was told to leave and ended with {process.returncode}")

    def _failed(self, worker: _Worker, now: float) -> None:
        assert worker.process is not None
        worker.failures = 1 if now - worker.started_at > WELL_AFTER_S else worker.failures + 1
        pause_s = min(0.5 * 2.0 ** (worker.failures - 1), LONGEST_PAUSE_S)
        worker.not_before = now + pause_s
        _say(f"{worker.service}/{worker.number} ended with {worker.process.returncode}; "
             f"starting again in {pause_s:.1f} s")
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


def _say(text: str) -> None:
    print(f"zhongtai: {text}", file=sys.stderr, flush=True)
