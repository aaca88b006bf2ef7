"""Commands as a person types them, each in its own process."""
from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import httpx

from shared_components.runtime.supervisor import as_supervised

ROOT = Path(__file__).parents[2]
START_TIMEOUT_S = 60.0
SERVERS = ("ZHONGTAI_BROKER_URL", "ZHONGTAI_DATABASE_URL", "ZHONGTAI_HTTP_PORT")


def environment(**more: str) -> dict[str, str]:
    """Ours without what names other servers."""
    return {name: value for name, value in os.environ.items() if name not in SERVERS} | more


PATIENCE_S = 180.0


def python(
    *arguments: str, cwd: Path = ROOT, timeout_s: float = PATIENCE_S, **more: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=environment(PYTHONPATH=str(ROOT), **more), text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout_s, check=False,
    )


def zhongtai(*arguments: str, cwd: Path = ROOT, **more: str) -> subprocess.CompletedProcess[str]:
    return python("-m", "shared_components.cli.main", *arguments, cwd=cwd, timeout_s=PATIENCE_S, **more)


class Running:
    """`zhongtai run` in a folder; `text` is what it has said so far."""

    def __init__(self, folder: Path, *arguments: str, more: Mapping[str, str] | None = None) -> None:
        self._output = folder / "output.txt"
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "shared_components.cli.main", "run", *arguments], cwd=folder, stdout=output,
                stderr=output, stdin=subprocess.DEVNULL, start_new_session=True,
                # It ends with the tests, also when those are killed.
                env=as_supervised(environment(PYTHONPATH=str(ROOT), **(more or {}))),
            )

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    @property
    def text(self) -> str:
        return self._output.read_text(errors="replace")

    def address(self) -> str:
        """The HTTP address it greets with, once it is ready there."""
        until = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < until and self._process.poll() is None:
            found = re.search(r"^HTTP\s+(http://\S+)", self.text, re.MULTILINE)
            if found and _is_ready(found[1]):
                return found[1]
            time.sleep(0.1)
        raise AssertionError(f"not ready after {START_TIMEOUT_S:g} s or ended ({self._process.poll()}):\n{self.text}")

    def interrupt(self) -> int:
        """Ctrl-C; its exit code."""
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(START_TIMEOUT_S)

    def ended(self) -> int:
        return self._process.wait(START_TIMEOUT_S)


def _is_ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}/ready", timeout=2).status_code == 200
    except httpx.TransportError:
        return False
