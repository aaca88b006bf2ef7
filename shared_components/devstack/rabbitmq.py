"""A private RabbitMQ on a free loopback port, with its own Erlang cookie, port mapper and folder."""
from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from shared_components.devstack import binaries
from shared_components.devstack.kept_data import KeptFolder
from shared_components.devstack.private_server import PrivateServer
from shared_components.devstack.processes import LOOPBACK, Launch, ServerUnavailable, free_port

USER = "zhongtai"
VHOST = "zhongtai"
START_TIMEOUT_S = 90.0


@dataclass(frozen=True)
class Member:
    """A node's place in a cluster.

    node: its Erlang name, whose host is `host`. password: of the administrator. epmd_port: of a port mapper that the
    cluster runs. namespace: the network namespace that the node runs in, with a port mapper of its own.
    """

    node: str
    host: str
    cookie: str
    password: str
    epmd_port: int
    namespace: str = ""


class BrokerAdministration(ABC):
    """Work of tests on a private broker, whether it is one node or a cluster."""

    folder: Path

    @abstractmethod
    def url_for(self, user: str = USER, password: str = "", vhost: str = VHOST) -> str:
        """Give a user's URL; without a password the administrator's."""

    @abstractmethod
    def ctl(self, *arguments: str, timeout_s: float = 60.0) -> str:
        """Run rabbitmqctl; gives what it printed."""

    @property
    def url(self) -> str:
        return self.url_for()

    def import_definitions(self, definitions: Path | Mapping[str, Any]) -> None:
        if isinstance(definitions, Mapping):
            path = self.folder / f"definitions-{secrets.token_hex(4)}.json"
            path.write_text(json.dumps(definitions))
            definitions = path
        self.ctl("import_definitions", str(definitions.resolve()))

    def add_user(
        self, name: str, password: str, *, configure: str = ".*", write: str = ".*", read: str = ".*",
        vhost: str = VHOST, tags: Iterable[str] = (),
    ) -> str:  # fmt: skip
        """Make a user with these permissions; gives its URL."""
        self.import_definitions({
            "users": [{"name": name, "password": password, "tags": list(tags)}],
            "permissions": [_permission(name, vhost, configure, write, read)],
        })  # fmt: skip
        return self.url_for(name, password, vhost)

    def add_vhosts(self, names: Iterable[str]) -> list[str]:
        """Make empty vhosts; gives the administrator's URLs. One rabbitmqctl run, so make several at once."""
        names = list(names)
        self.import_definitions({
            "vhosts": [{"name": name} for name in names],
            "permissions": [_permission(USER, name, ".*", ".*", ".*") for name in names],
        })  # fmt: skip
        return [self.url_for(vhost=name) for name in names]


class PrivateRabbitMQ(BrokerAdministration, PrivateServer):
    """`url` is an administrator's; more users and vhosts by `add_user`, `add_vhosts`, `import_definitions`."""

    private = True

    def __init__(
        self, *, settings: Sequence[str] = (), plugins: Sequence[str] = (), runtime: str = "",
        keep: Path | None = None, member: Member | None = None,
    ) -> None:
        """settings: further lines of rabbitmq.conf. runtime: further arguments of the Erlang runtime.

        keep: a folder whose data outlive the server, and are taken up by the next one; else they are thrown away.
        member: its place in a cluster; None: it is alone.
        """
        self._settings, self._plugins, self._runtime, self._member = settings, plugins, runtime, member
        self.host = member.host if member else LOOPBACK
        self._bin = binaries.rabbitmq_folder()
        self._epmd = binaries.epmd()
        self._kept = KeptFolder(keep, _first_facts) if keep is not None else None
        self.folder = self._kept.folder if self._kept else Path(tempfile.mkdtemp(prefix="zhongtai-rabbitmq-"))
        facts = self._kept.facts if self._kept else _first_facts()
        self.port = free_port()
        self._distribution_port = free_port()
        self._epmd_port = member.epmd_port if member else free_port()
        # The broker keeps its data under its node's name, and its users with their passwords.
        self.node: str = member.node if member else facts["node"]
        self._password: str = member.password if member else facts["password"]
        self._write_settings()

    def url_for(self, user: str = USER, password: str = "", vhost: str = VHOST) -> str:
        return f"amqp://{user}:{password or self._password}@{self.host}:{self.port}/{vhost}"

    def start(self) -> Self:
        server = str(self._bin / "rabbitmq-server")
        # epmd runs inside the server's process tree, so it ends with it and serves this node only.
        command = ["/bin/sh", "-c", '"$0" & exec "$1"', str(self._epmd), server]
        if self._member is not None and not self._member.namespace:
            command = [server]
        command = [*self._in_namespace, *command]
        log = self.folder / "server.log"
        kept = self._kept is not None
        launch = Launch(
            command, self.folder, log, self.environment(), disposable=not kept, stop_timeout_s=40.0 if kept else 20.0,
            orphan_signal=signal.SIGTERM if kept else signal.SIGKILL)
        self._run(launch, self._answers, timeout_s=START_TIMEOUT_S, what="RabbitMQ")
        return self

    def stop(self) -> None:
        """End the server: in order when its data are kept, else at once, and its folder is removed."""
        if self._kept is not None:
            if self._process is not None:
                self._process.stop()
            return
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def ctl(self, *arguments: str, timeout_s: float = 60.0) -> str:
        if not self.running:
            raise ServerUnavailable("RabbitMQ is not running; start() it before ctl()")
        done = subprocess.run(
            [*self._in_namespace, self.rabbitmqctl, "--quiet", *arguments], env=self.environment(), cwd=self.folder,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout_s,
        )  # fmt: skip
        if done.returncode != 0:
            raise ServerUnavailable(f"rabbitmqctl {' '.join(arguments)} failed: {(done.stderr or done.stdout).strip()}")
        return done.stdout

    def _write_settings(self) -> None:
        settings = [
            f"listeners.tcp.1 = {self.host}:{self.port}",
            f"default_user = {USER}", f"default_pass = {self._password}", f"default_vhost = {VHOST}",
            "default_user_tags.administrator = true",
            # Small machines: a full temporary disk should not look like a bug of ours.
            "disk_free_limit.absolute = 50MB", "log.file = false", "log.console = true", "log.console.level = warning",
            *self._settings,
        ]  # fmt: skip
        (self.folder / "rabbitmq.conf").write_text("\n".join(settings) + "\n")
        (self.folder / "enabled_plugins").write_text(f"[{', '.join(self._plugins)}].\n")
        (self.folder / "rabbitmq-env.conf").write_text("")
        cookie = self.folder / ".erlang.cookie"
        cookie.unlink(missing_ok=True)
        cookie.write_text(self._member.cookie if self._member else secrets.token_hex(16))
        cookie.chmod(0o400)

    @property
    def rabbitmqctl(self) -> str:
        """The command that administrates this server, with `environment`."""
        return str(self._bin / "rabbitmqctl")

    @property
    def _in_namespace(self) -> list[str]:
        namespace = self._member.namespace if self._member else ""
        return ["ip", "netns", "exec", namespace] if namespace else []

    def environment(self) -> dict[str, str]:
        folder, interface = str(self.folder), self.host.replace(".", ",")
        return {
            "PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "HOME": folder,
            "ERL_EPMD_PORT": str(self._epmd_port), "ERL_EPMD_ADDRESS": self.host,
            "RABBITMQ_USE_LONGNAME": str(not self.node.endswith("@localhost")).lower(),
            "RABBITMQ_NODENAME": self.node, "RABBITMQ_DIST_PORT": str(self._distribution_port),
            "RABBITMQ_CONFIG_FILE": f"{folder}/rabbitmq.conf", "RABBITMQ_CONF_ENV_FILE": f"{folder}/rabbitmq-env.conf",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{folder}/enabled_plugins",
            "RABBITMQ_MNESIA_BASE": f"{folder}/mnesia", "RABBITMQ_LOG_BASE": f"{folder}/log",
            "RABBITMQ_PID_FILE": f"{folder}/pid", "RABBITMQ_GENERATED_CONFIG_DIR": f"{folder}/config",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"-kernel inet_dist_use_interface {{{interface}}} {self._runtime}",
            # rabbitmqctl must not leave a port mapper behind when the server's own has just ended.
            "RABBITMQ_CTL_ERL_ARGS": "-start_epmd false",
            # The script then becomes the server instead of watching it, so signals reach the server itself.
            "RUNNING_UNDER_SYSTEMD": "1",
        }  # fmt: skip

    def _answers(self) -> bool:
        """Whether the port speaks AMQP; the listener opens last, after all of the boot steps."""
        try:
            with socket.create_connection((self.host, self.port), timeout=2) as connection:
                connection.sendall(b"AMQP\x00\x00\x09\x01")
                return connection.recv(1) == b"\x01"
        except OSError:
            return False


def _first_facts() -> dict[str, str]:
    return {"node": f"zt{secrets.token_hex(4)}@localhost", "password": secrets.token_hex(12)}


def _permission(user: str, vhost: str, configure: str, write: str, read: str) -> dict[str, str]:
    return {"user": user, "vhost": vhost, "configure": configure, "write": write, "read": read}
