"""`zhongtai edge` in a process of its own."""
from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit

from shared_components.devstack.processes import LOOPBACK, Launch, SupervisedProcess, free_port
from tests.integration.bus_harness import ROOT

START_TIMEOUT_S = 20.0


class EdgeProcess:
    """settings: of section `edge`, beside its port. Its log is in `log`."""

    def __init__(self, folder: Path, broker_url: str, *, health: bool = False, **settings: Any) -> None:
        self.port, self.health_port = free_port(), free_port() if health else None
        self._broker = urlsplit(broker_url)
        path, self.log = folder / f"edge-{self.port}.yaml", folder / f"edge-{self.port}.log"
        path.write_text(json.dumps({
            "broker": {"url": broker_url}, "edge": {"port": self.port, **settings}, "log": {"format": "json"},
            "health": {"port": self.health_port},
        }))  # fmt: skip
        command = [sys.executable, "-W", "ignore", "-m", "shared_components.cli.main", "-c", str(path), "edge"]
        self.process = SupervisedProcess(Launch(command, ROOT, self.log, os.environ, disposable=False))

    @property
    def url(self) -> str:
        """The broker's, by way of the edge."""
        return self.url_of(self._broker.geturl())

    def url_of(self, broker_url: str) -> str:
        parts = urlsplit(broker_url)
        user = parts.netloc.rpartition("@")[0]
        return urlunsplit(parts._replace(netloc=f"{user}@{LOOPBACK}:{self.port}"))

    def events(self, name: str) -> list[dict[str, Any]]:
        """Give the log entries of this name."""
        lines = [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]
        return [line for line in lines if line["event"] == name]

    def __enter__(self) -> Self:
        try:
            self.process.wait_until(lambda: bool(self.events("edge.listening")), timeout_s=START_TIMEOUT_S, what="edge")
        except BaseException:
            self.process.kill()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.stop()
