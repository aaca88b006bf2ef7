"""The whole platform as `make up` has it, on private servers: every service, the sandbox, the seed."""
from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote, urlsplit, urlunsplit

import yaml

from shared_components.devstack.postgresql import PrivatePostgreSQL
from shared_components.devstack.processes import LOOPBACK, Launch, ServerUnavailable, SupervisedProcess, free_port
from shared_components.devstack.rabbitmq import PrivateRabbitMQ
from shared_components.devstack.rehearsal import OPERATOR, prepare
from tests.benchmarks.world import LOG_SAMPLE

START_TIMEOUT_S = 120.0
CALLERS = (OPERATOR, "gateway", "matter")
WEBHOOK_HOSTS = ["app.example"]
DATABASE = "platform"


class MethodsPlatform:
    """`with` starts it. urls: of the broker, by caller. sandbox: the settings that the services run with.

    http_url: of the gateway. broker: while it is up. database: the server, with all services in its database DATABASE.
    """

    def __init__(self, database: PrivatePostgreSQL | None = None) -> None:
        self._stack = ExitStack()
        self.folder = Path(tempfile.mkdtemp(prefix="zhongtai-bench-methods-"))
        self.urls: dict[str, str] = {}
        self.sandbox: dict[str, Any] = {}
        self.http_url = ""
        self.database = database or PrivatePostgreSQL(durable=True)

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            broker = self.broker = stack.enter_context(PrivateRabbitMQ())
            database = stack.enter_context(self.database)
            port = free_port()
            self.http_url = f"http://{LOOPBACK}:{port}"
            own = self.folder / "own.yaml"
            own.write_text(yaml.safe_dump(self._settings(port)))
            rehearsal = prepare(broker, self.folder, {"ZHONGTAI_CONFIG": str(own)})
            operator_url = rehearsal.urls["ZHONGTAI_BROKER_URL"]
            passwords = yaml.safe_load((self.folder / "broker-passwords.yaml").read_text())
            self.urls = {caller: _as_user(operator_url, caller, passwords[caller]) for caller in CALLERS}
            environment = {name: value for name, value in os.environ.items() if not name.startswith("ZHONGTAI_")}
            environment |= {
                "ZHONGTAI_BROKER_URL": operator_url, "ZHONGTAI_DATABASE_URL": database.create_database(DATABASE),
                "PYTHONPATH": str(Path.cwd())}
            log = self.folder / "platform.log"
            platform = SupervisedProcess(Launch(
                [sys.executable, "-W", "ignore", "-m", "shared_components.cli.main", "-c", str(rehearsal.configuration),
                 "run", "--sandbox"], self.folder, log, environment, disposable=False, stop_timeout_s=45.0))
            stack.callback(platform.stop)
            self._wait(lambda: "Ctrl-C stops it." in log.read_text(errors="replace"))
            self.sandbox = yaml.safe_load((self.folder / "var" / "sandbox" / "zhongtai.yaml").read_text())
            self._zhongtai(environment, "directory", "create-realm", self.sandbox["bus"]["default_tenant"], "示范市",
                           "--department", "示范市数据局")
            self._stack = stack.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._stack.close()
        if kind is None:  # else its logs tell why
            shutil.rmtree(self.folder, ignore_errors=True)

    def _zhongtai(self, environment: Mapping[str, str], *words: str) -> None:
        """Run a command beside the platform, with its settings. Raises ServerUnavailable."""
        settings = self.folder / "var" / "sandbox" / "zhongtai.yaml"
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "shared_components.cli.main", "-c", str(settings), *words],
            cwd=self.folder, env=environment, capture_output=True, text=True, timeout=60, check=False)
        if done.returncode != 0:
            raise ServerUnavailable(f"zhongtai {' '.join(words)} ended with {done.returncode}: {done.stderr[-500:]}")

    def _settings(self, port: int) -> dict[str, Any]:
        return {
            "http": {"host": LOOPBACK, "port": port, "public_url": f"http://{LOOPBACK}:{port}"},
            "log": {"level": "info", "format": "json", "sample": LOG_SAMPLE},
            "services": {"payment": {"webhooks": {"hosts": WEBHOOK_HOSTS}}},
        }

    def _wait(self, condition: Callable[[], bool]) -> None:
        until = time.monotonic() + START_TIMEOUT_S
        while not condition():
            if time.monotonic() > until:
                raise ServerUnavailable(f"platform is not up after {START_TIMEOUT_S:g} s; its log is in {self.folder}")
            time.sleep(0.2)

    def told(self) -> dict[str, Any]:
        """Settings for a load generator: URLs, tenant, the sandbox."""
        settings = json.loads(json.dumps(self.sandbox, default=str))
        return {"urls": self.urls, "tenant": settings["bus"]["default_tenant"], "sandbox": settings}


def _as_user(url: str, user: str, password: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{user}:{quote(password, safe='')}@{parts.netloc.rpartition('@')[2]}"))
