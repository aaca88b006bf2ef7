"""Server processes of this test run: start under a supervisor, wait for readiness, end."""
from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SUPERVISOR = Path(__file__).with_name("child_supervisor.py")
LOOPBACK = "127.0.0.1"
# Linux gives outgoing connections ports from 32768 on.
PORTS = range(20_000, 32_000)


class ServerUnavailable(RuntimeError):
    """A test server cannot be had: not installed, did not start, or cannot do this."""


@dataclass(frozen=True)
class Launch:
    """How to run one server.

    folder: where it runs; when `disposable`, the supervisor removes it if this process dies without stopping it.
    stop_signal: asks the server to end in order; orphan_signal: what it gets when this process has died.
    """

    command: Sequence[str]
    folder: Path
    log: Path
    environment: Mapping[str, str]
    user: str = ""
    stop_signal: int = signal.SIGTERM
    orphan_signal: int = signal.SIGKILL
    disposable: bool = True
    stop_timeout_s: float = 20.0


class SupervisedProcess:
    """A server with its supervisor. Ends exactly what it started."""

    def __init__(self, launch: Launch) -> None:
        self.launch = launch
        with launch.log.open("ab") as log:
            self._supervisor = subprocess.Popen(
                _supervisor_command(launch), env=dict(launch.environment), cwd=launch.folder,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )

    @property
    def running(self) -> bool:
        return self._supervisor.poll() is None

    @property
    def pid(self) -> int:
        """The supervisor's process id, which takes SIGUSR1 for `kill`."""
        return self._supervisor.pid

    def wait(self) -> int:
        """Wait until it ends by itself; gives its exit code (a signal's number for one that was killed)."""
        return self._supervisor.wait()

    def stop(self) -> None:
        self._finish(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL to the server and all that it started, as a crash."""
        self._finish(signal.SIGUSR1)

    def _finish(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._supervisor.send_signal(number)
        self._supervisor.wait(timeout=self.launch.stop_timeout_s + 40)

    def wait_until(self, ready: Callable[[], bool], *, timeout_s: float, what: str) -> None:
        until = time.monotonic() + timeout_s
        while not ready():
            if not self.running:
                raise ServerUnavailable(f"{what} ended while starting; its log ends:\n{self.last_lines()}")
            if time.monotonic() > until:
                raise ServerUnavailable(f"{what} not ready after {timeout_s:g} s; its log ends:\n{self.last_lines()}")
            time.sleep(0.05)

    def last_lines(self, count: int = 15) -> str:
        return "\n".join(self.launch.log.read_text(errors="replace").splitlines()[-count:])


def _supervisor_command(launch: Launch) -> list[str]:
    orphan_grace_s = 5.0 if launch.disposable else launch.stop_timeout_s
    return [
        sys.executable, "-I", str(SUPERVISOR), "--parent", str(os.getpid()), "--user", launch.user,
        "--folder", str(launch.folder) if launch.disposable else "", "--stop-signal", str(int(launch.stop_signal)),
        "--grace-s", str(launch.stop_timeout_s), "--orphan-grace-s", str(orphan_grace_s),
        "--orphan-signal", str(int(launch.orphan_signal)), "--", *launch.command,
    ]  # fmt: skip


def free_port() -> int:
    """A loopback port that nobody listens on now, below those that outgoing connections are given.

    One of theirs could be taken by any connection before whoever asked listens on it.
    """
    for port in random.SystemRandom().sample(PORTS, 100):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind((LOOPBACK, port))
            return port
    raise ServerUnavailable(f"100 ports from {PORTS.start} to {PORTS.stop - 1} are all in use")
