"""A private PostgreSQL primary with a synchronous standby: Patroni runs both, and etcd knows which is which."""
from __future__ import annotations

import http.client
import json
import os
import pwd
import secrets
import shutil
import signal
import tempfile
import time
from pathlib import Path
from typing import Any, Self

import yaml

from shared_components.devstack import binaries
from shared_components.devstack.postgresql import APPLICATION, SUPERUSER, Administration, unprivileged_user
from shared_components.devstack.private_server import PrivateServer, StartedByWith
from shared_components.devstack.processes import LOOPBACK, Launch, ServerUnavailable, free_port
from shared_components.kernel.run_concurrently import run_concurrently

REPLICATION = "replicator"
START_TIMEOUT_S = 90.0
# Patroni's least: a primary that has said nothing for so long is replaced. Its default is 30 s.
LEASE_S, LOOP_S, RETRY_S = 20, 2, 5


class PrivateEtcd(PrivateServer):
    """One etcd, which keeps nothing. Production has three."""

    def __init__(self) -> None:
        self._program, self._user = binaries.etcd(), unprivileged_user()
        self.folder = _folder("zhongtai-etcd-", self._user)
        self.port, self._peer_port = free_port(), free_port()

    def start(self) -> Self:
        address, peers = f"http://{LOOPBACK}:{self.port}", f"http://{LOOPBACK}:{self._peer_port}"
        command = [
            str(self._program), "--name", "one", "--data-dir", str(self.folder / "data"), "--unsafe-no-fsync",
            "--listen-client-urls", address, "--advertise-client-urls", address, "--listen-peer-urls", peers,
            "--initial-advertise-peer-urls", peers, "--initial-cluster", f"one={peers}", "--logger", "zap",
            "--log-level", "warn"]
        launch = Launch(command, self.folder, self.folder / "server.log", _environment(self.folder), user=self._user)
        self._run(launch, self._answers, timeout_s=START_TIMEOUT_S, what="etcd")
        return self

    def stop(self) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _answers(self) -> bool:
        return _get(self.port, "/health").get("health") == "true"


class PatroniNode(PrivateServer):
    """One PostgreSQL and the Patroni that runs it; killed together, as a machine that ends."""

    def __init__(self, name: str, scope: str, etcd_port: int, passwords: dict[str, str], *, durable: bool) -> None:
        self.name = name
        self._program, self._bin, self._user = binaries.patroni(), binaries.postgresql_folder(), unprivileged_user()
        self.folder = _folder(f"zhongtai-patroni-{name}-", self._user)
        self.port, self.rest_port = free_port(), free_port()
        self._settings = self.folder / "patroni.yaml"
        self._settings.touch(mode=0o600)
        self._settings.write_text(yaml.safe_dump(self._configuration(scope, etcd_port, passwords, durable=durable)))
        _give(self._settings, self._user)

    def start(self) -> Self:
        launch = Launch(
            [str(self._program), str(self._settings)], self.folder, self.folder / "server.log",
            _environment(self.folder), user=self._user, stop_signal=signal.SIGINT)
        self._run(launch, lambda: self.state == "running", timeout_s=START_TIMEOUT_S, what=f"PostgreSQL {self.name}")
        return self

    def stop(self) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def state(self) -> str:
        return str(self.told().get("state", ""))

    @property
    def is_primary(self) -> bool:
        return self.running and is_primary_at(self.rest_port)

    def told(self) -> dict[str, Any]:
        """Ask Patroni about this node; empty when it does not answer."""
        return _get(self.rest_port, "/patroni")

    def _configuration(
        self, scope: str, etcd_port: int, passwords: dict[str, str], *, durable: bool) -> dict[str, Any]:
        rest, database = f"{LOOPBACK}:{self.rest_port}", f"{LOOPBACK}:{self.port}"
        return {
            "scope": scope, "name": self.name, "restapi": {"listen": rest, "connect_address": rest},
            "etcd3": {"host": f"{LOOPBACK}:{etcd_port}"},
            "bootstrap": {
                "dcs": {
                    "ttl": LEASE_S, "loop_wait": LOOP_S, "retry_timeout": RETRY_S, "synchronous_mode": True,
                    "postgresql": {"use_pg_rewind": True, "parameters": {"max_connections": 200}},
                },
                "initdb": [{"encoding": "UTF8"}, {"locale": "C.UTF-8"}, {"auth": "scram-sha-256"}, "no-sync"],
            },
            "postgresql": {
                "listen": database, "connect_address": database, "data_dir": str(self.folder / "data"),
                "bin_dir": str(self._bin), "pgpass": str(self.folder / "pgpass"),
                "authentication": {
                    "superuser": {"username": SUPERUSER, "password": passwords[SUPERUSER]},
                    "replication": {"username": REPLICATION, "password": passwords[REPLICATION]},
                },
                "pg_hba": [
                    f"host all all {LOOPBACK}/32 scram-sha-256",
                    f"host replication {REPLICATION} {LOOPBACK}/32 scram-sha-256",
                ],
                "parameters": {
                    "unix_socket_directories": "", "shared_buffers": "64MB", "dynamic_shared_memory_type": "mmap",
                    "fsync": "on" if durable else "off", "timezone": "UTC", "log_timezone": "UTC",
                },
            },
        }  # fmt: skip


class PatroniPair(StartedByWith, Administration):
    """`nodes` are started, killed and stopped one by one; URLs name both, and libpq goes to the primary."""

    private = True
    # What was made is there on the standby too: libpq asks either, and takes "no such database" for an answer.
    _options = "-c synchronous_commit=remote_apply"

    def __init__(self, *, durable: bool = True) -> None:
        """durable: as of PrivatePostgreSQL."""
        self._passwords = {name: secrets.token_hex(12) for name in (SUPERUSER, APPLICATION, REPLICATION)}
        self.etcd = PrivateEtcd()
        scope = f"zt-{secrets.token_hex(3)}"
        self.nodes = [
            PatroniNode(name, scope, self.etcd.port, self._passwords, durable=durable) for name in ("one", "two")]
        self._has_role = False

    def url_for(self, database: str, *, role: str = APPLICATION) -> str:
        addresses = ",".join(f"{LOOPBACK}:{node.port}" for node in self.nodes)
        return (f"postgresql+psycopg2://{role}:{self._passwords[role]}@{addresses}/{database}"
                "?target_session_attrs=read-write")

    @property
    def running(self) -> bool:
        return any(node.running for node in self.nodes)

    @property
    def primary(self) -> PatroniNode | None:
        """The primary; None while no node is it."""
        return next((node for node in self.nodes if node.is_primary), None)

    def start(self) -> Self:
        """Start what does not run, and wait until the standby is a synchronous one."""
        if not self.etcd.running:
            self.etcd.start()
        run_concurrently(PatroniNode.start, [node for node in self.nodes if not node.running])
        self._wait(self._answers, "a primary")
        self._wait(self.is_synchronous, "a synchronous standby")
        if not self._has_role:
            self._make_application_role()
            self._has_role = True
        return self

    def is_synchronous(self) -> bool:
        """Whether each commit now waits for the standby's disk."""
        primary = self.primary
        if primary is None:
            return False
        followers = primary.told().get("replication") or []
        return any(one.get("sync_state") == "sync" and one.get("state") == "streaming" for one in followers)

    def stop(self) -> None:
        for node in self.nodes:
            node.stop()
        self.etcd.stop()

    def _wait(self, condition: Any, what: str) -> None:
        until = time.monotonic() + START_TIMEOUT_S
        while not condition():
            if time.monotonic() > until:
                raise ServerUnavailable(f"PostgreSQL has not got {what} within {START_TIMEOUT_S:g} s")
            time.sleep(0.1)



def is_primary_at(rest_port: int) -> bool:
    """Ask Patroni whether its PostgreSQL is the primary, and serves."""
    told = _get(rest_port, "/patroni")
    return told.get("state") == "running" and told.get("role") in ("master", "primary")


def _folder(prefix: str, user: str) -> Path:
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    _give(folder, user)
    return folder


def _give(path: Path, user: str) -> None:
    if user:
        account = pwd.getpwnam(user)
        os.chown(path, account.pw_uid, account.pw_gid)


def _environment(folder: Path) -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "LC_ALL": "C.UTF-8"}


def _get(port: int, path: str) -> dict[str, Any]:
    """A small JSON document of a server on loopback; empty when there is no answer."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=2)
    try:
        connection.request("GET", path)
        found = json.loads(connection.getresponse().read())
    except (OSError, ValueError, http.client.HTTPException):
        return {}
    else:
        return found if isinstance(found, dict) else {}
    finally:
        connection.close()
