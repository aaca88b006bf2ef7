"""A private nginx with the shipped configuration, on a free loopback port before a gateway."""
from __future__ import annotations

import os
import pwd
import shutil
import socket
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from shared_components.devstack import binaries
from shared_components.devstack.postgresql import unprivileged_user
from shared_components.devstack.private_server import PrivateServer
from shared_components.devstack.processes import LOOPBACK, Launch, ServerUnavailable, free_port

START_TIMEOUT_S = 15.0


class PrivateNginx(PrivateServer):
    """configuration: the folder `deploy/nginx`; listening addresses and upstream are replaced, nothing else.

    certificate, key: PEM files. replaced: text of nginx.conf → other text, for shorter limits in tests.
    """

    def __init__(
        self, configuration: Path, *, gateway_port: int, certificate: Path, key: Path,
        replaced: Mapping[str, str] | None = None,
    ) -> None:
        self._program = binaries.nginx()
        self._user = unprivileged_user()
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="zhongtai-nginx-"))
        for source in configuration.glob("*.conf"):
            shutil.copy(source, self.folder)
        shutil.copy(certificate, self.folder / "certificate.pem")
        shutil.copy(key, self.folder / "key.pem")
        self._replace("nginx.conf", {"worker_processes auto": "worker_processes 1", **(replaced or {})})
        self._replace("upstream.conf", {"gateway:8000": f"{LOOPBACK}:{gateway_port}"})
        self._replace("listen.conf", {
            "listen 8443": f"listen {LOOPBACK}:{self.port}",
            "/run/secrets/https_certificate": "certificate.pem", "/run/secrets/https_key": "key.pem",
        })  # fmt: skip

    @property
    def address(self) -> str:
        return f"https://{LOOPBACK}:{self.port}"

    @property
    def log(self) -> str:
        return (self.folder / "server.log").read_text(errors="replace")

    def start(self) -> Self:
        command = [str(self._program), "-p", f"{self.folder}/", "-e", "stderr", "-c", str(self.folder / "nginx.conf")]
        log = self.folder / "server.log"
        log.touch()
        self._give_to_user()
        environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(self.folder)}
        launch = Launch(command, self.folder, log, environment, user=self._user)
        self._run(launch, self._listens, timeout_s=START_TIMEOUT_S, what="nginx")
        return self

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _replace(self, name: str, texts: Mapping[str, str]) -> None:
        path = self.folder / name
        content = path.read_text(encoding="utf-8")
        for old, new in texts.items():
            if old not in content:
                raise ServerUnavailable(f"{name} of nginx has no {old!r} to replace")
            content = content.replace(old, new)
        path.write_text(content, encoding="utf-8")

    def _give_to_user(self) -> None:
        if self._user:
            account = pwd.getpwnam(self._user)
            for path in (self.folder, *self.folder.iterdir()):
                os.chown(path, account.pw_uid, account.pw_gid)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex((LOOPBACK, self.port)) == 0
