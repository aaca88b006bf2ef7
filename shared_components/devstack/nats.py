"""A private NATS server on a free loopback port, for the benchmark's rival rows."""
from __future__ import annotations

import os
import shutil
import socket
import tempfile
from pathlib import Path
from typing import Self

from shared_components.devstack import binaries
from shared_components.devstack.private_server import PrivateServer
from shared_components.devstack.processes import LOOPBACK, Launch, free_port

START_TIMEOUT_S = 15.0


class PrivateNats(PrivateServer):
    """Keeps nothing. Raises ServerUnavailable, which names the package, where the program is not installed."""

    def __init__(self) -> None:
        self._program = binaries.nats_server()
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="zhongtai-nats-"))

    @property
    def url(self) -> str:
        return f"nats://{LOOPBACK}:{self.port}"

    def start(self) -> Self:
        command = [str(self._program), "-a", LOOPBACK, "-p", str(self.port)]
        environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(self.folder)}
        launch = Launch(command, self.folder, self.folder / "server.log", environment)
        self._run(launch, self._listens, timeout_s=START_TIMEOUT_S, what="NATS")
        return self

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex((LOOPBACK, self.port)) == 0
