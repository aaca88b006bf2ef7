"""A whole platform for tests: `zhongtai run` in a process and a folder of its own, with an app that has a key."""
from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from shared_components.devstack.processes import LOOPBACK, free_port
from shared_components.devstack.sandbox import HelperFailed
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import error_from_wire
from shared_components.runtime.operator_socket import FOLDER, NAME, OperatorClient
from shared_components.runtime.supervisor import as_supervised

START_TIMEOUT_S, STOP_TIMEOUT_S = 300.0, 40.0
APP = "app-under-test"
OTHER_SERVERS = ("ZHONGTAI_BROKER_URL", "ZHONGTAI_DATABASE_URL", "ZHONGTAI_HTTP_PORT", "ZHONGTAI_CONFIG")


@dataclass(frozen=True)
class AppAccess:
    """An app's way into a platform. url: of the HTTP API."""

    url: str
    app: str
    app_key: str

    def call(self, target: str, /, **arguments: Any) -> Any:
        """Call a public method over HTTP, as the app. Raises the AppError that a problem tells."""
        service, _, method = target.partition(".")
        answer = httpx.post(
            f"{self.url}/v1/{service}/{method.replace('_', '-')}", json=arguments, timeout=60,
            headers={"Authorization": f"Bearer {self.app_key}"})
        told = answer.json()
        if answer.status_code != 200:
            raise error_from_wire({**told, "message": told.get("detail", "")})
        return told


@dataclass(frozen=True)
class PlatformProcess(AppAccess):
    """A platform that runs for tests. operator: calls methods as operations do."""

    folder: Path
    operator: Any
    pay_url: str


@contextmanager
def running_platform(
    folder: Path, settings: Mapping[str, Any] | None = None, *, port: int = 0, app_name: str = APP, key: str = "",
) -> Iterator[PlatformProcess]:
    """Run it for the length of a block. settings: the section `services` beyond the app's own.

    port: of HTTP, 0 for a free one. key: of the app; empty for a new one.
    """
    folder = folder.absolute()
    port, key = port or free_port(), key or secrets.token_urlsafe(24)
    app = {"name": app_name, "tenant": "default", "key_sha256": hashlib.sha256(key.encode()).hexdigest()}
    services = {**(settings or {})}
    services["gateway"] = {**services.get("gateway", {}), "apps": [app, *services.get("gateway", {}).get("apps", ())]}
    path = folder / "zhongtai.yaml"
    path.write_text(json.dumps({
        "http": {"port": port, "public_url": f"http://{LOOPBACK}:{port}"}, "log": {"format": "json"},
        "services": services}), encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if name not in OTHER_SERVERS}
    environment |= {
        "ZHONGTAI_CONFIG": str(path), "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)}
    output = folder / "platform.log"
    with output.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "shared_components.cli.main", "run"], cwd=folder, stdout=log,
            stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
            env=as_supervised(environment))
    try:
        said = _greeting(process, output)
        with_socket = OperatorClient(str(folder / FOLDER / NAME))
        yield PlatformProcess(f"http://{LOOPBACK}:{port}", app_name, key, folder, with_socket, said)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _greeting(process: subprocess.Popen[bytes], output: Path) -> str:
    """Wait until it greets; the pay channel's address."""
    until = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < until and process.poll() is None:
        said = output.read_text(encoding="utf-8", errors="replace")
        found = re.search(r"^pay channel\s+(\S+)", said, re.MULTILINE)
        if found and "Ctrl-C stops it." in said:
            return found[1]
        time.sleep(0.1)
    last = (output.read_text(encoding="utf-8", errors="replace").splitlines() or ["it said nothing"])[-1]
    raise HelperFailed(Bilingual(
        f"the platform did not start, see {output}: {last[:200]}", f"平台未能启动，详见 {output}：{last[:200]}"))
