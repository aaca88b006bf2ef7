"""A private PostgreSQL on a free loopback port, with an application role that row-level security binds."""
from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import psycopg2

from shared_components.devstack import binaries
from shared_components.devstack.kept_data import KeptFolder
from shared_components.devstack.private_server import PrivateServer
from shared_components.devstack.processes import LOOPBACK, Launch, ServerUnavailable, free_port

SUPERUSER = "postgres"
APPLICATION = "zhongtai"
START_TIMEOUT_S = 60.0


class Administration(ABC):
    """Work of tests on a private database, whether it is one server or a primary with its standby."""

    _passwords: dict[str, str]
    # Settings of the superuser's sessions.
    _options = ""

    @abstractmethod
    def url_for(self, database: str, *, role: str = APPLICATION) -> str:
        """A SQLAlchemy URL that names the driver, since SQLAlchemy 2.1's default is another one."""

    @property
    def url(self) -> str:
        return self.url_for(APPLICATION)

    @property
    def admin_url(self) -> str:
        return self.url_for(APPLICATION, role=SUPERUSER)

    def dsn_for(self, database: str, *, role: str = APPLICATION) -> str:
        """The same for libpq: psycopg2.connect, psql, pg_dump."""
        return self.url_for(database, role=role).replace("+psycopg2", "", 1)

    def create_database(self, name: str) -> str:
        """Make an empty database owned by the application role; gives its URL."""
        self.execute(f'CREATE DATABASE "{name}" OWNER "{APPLICATION}"')
        return self.url_for(name)

    def drop_database(self, name: str) -> None:
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def execute(self, statement: str, *, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run one statement as superuser outside a transaction; gives its rows, if it has any."""
        with self._connection(database) as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []

    @contextlib.contextmanager
    def _connection(self, database: str) -> Iterator[Any]:
        connection = psycopg2.connect(
            self.dsn_for(database, role=SUPERUSER), connect_timeout=5, options=self._options)
        try:
            connection.autocommit = True
            yield connection
        finally:
            connection.close()

    def _make_application_role(self) -> None:
        password = self._passwords[APPLICATION]
        # The password is ours and hexadecimal; CREATE ROLE takes no parameters.
        self.execute(f"CREATE ROLE \"{APPLICATION}\" LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE PASSWORD '{password}'")
        self.create_database(APPLICATION)

    def _answers(self) -> bool:
        try:
            with self._connection("postgres"):
                return True
        except psycopg2.OperationalError:
            return False


class PrivatePostgreSQL(Administration, PrivateServer):
    """`url` is the application role's (no superuser, no BYPASSRLS), `admin_url` the superuser's.

    durable: True flushes every commit to disk as production does (what a measurement must have). False turns fsync
    off: a killed server process still loses nothing, only a crash of the machine would.
    keep: a folder whose data outlive the server, and are taken up by the next one; without it they are thrown away.
    preload: a library of the server, such as pg_stat_statements.
    """

    private = True

    def __init__(self, *, durable: bool = True, keep: Path | None = None, preload: str = "") -> None:
        self._bin = binaries.postgresql_folder()
        self._durable = durable
        self._preload = preload
        self._user = unprivileged_user()
        self._kept = KeptFolder(keep, _first_facts) if keep is not None else None
        self.folder = self._kept.folder if self._kept else Path(tempfile.mkdtemp(prefix="zhongtai-postgresql-"))
        facts = self._kept.facts if self._kept else _first_facts()
        self.port = free_port()
        self._passwords: dict[str, str] = facts["passwords"]
        self._initialised = bool(facts["initialised"])

    def url_for(self, database: str, *, role: str = APPLICATION) -> str:
        return f"postgresql+psycopg2://{role}:{self._passwords[role]}@{LOOPBACK}:{self.port}/{database}"

    def start(self) -> Self:
        if self._initialised:
            self._check_version()
        else:
            shutil.rmtree(self._data, ignore_errors=True)  # what an interrupted start has left
            self._initialise()
        launch = Launch(
            [str(self._bin / "postgres"), "-D", str(self._data), "-c", f"port={self.port}"], self.folder,
            self.folder / "server.log",
            self._environment(), user=self._user,
            # SIGINT is PostgreSQL's "fast" shutdown, SIGQUIT the "immediate" one, which still frees shared memory.
            stop_signal=signal.SIGINT, orphan_signal=signal.SIGQUIT,
            disposable=self._kept is None,
        )  # fmt: skip
        self._run(launch, self._answers, timeout_s=START_TIMEOUT_S, what="PostgreSQL")
        if not self._initialised:
            self._make_application_role()
            self._initialised = True
            if self._kept is not None:
                self._kept.facts["initialised"] = True
                self._kept.save()
        return self

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop()
        if self._kept is None:
            shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _initialise(self) -> None:
        password_file = self.folder / "password"
        password_file.write_text(self._passwords[SUPERUSER])
        account = pwd.getpwnam(self._user) if self._user else None
        if account is not None:
            for path in (self.folder, password_file):
                os.chown(path, account.pw_uid, account.pw_gid)
        command = [
            str(self._bin / "initdb"), "-D", str(self._data), "-U", SUPERUSER, "--pwfile", str(password_file),
            "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync",
        ]  # fmt: skip
        done = subprocess.run(
            command, env=self._environment(), cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            user=account.pw_uid if account else None, group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )  # fmt: skip
        password_file.unlink()
        if done.returncode != 0:
            raise ServerUnavailable(f"initdb failed: {done.stderr.strip()}")
        with (self._data / "postgresql.conf").open("a") as settings:
            settings.write(self._settings())

    def _settings(self) -> str:
        lines = [
            f"listen_addresses = '{LOOPBACK}'", f"port = {self.port}", "unix_socket_directories = ''",
            "max_connections = 200", "shared_buffers = 64MB", "dynamic_shared_memory_type = mmap",
            f"fsync = {'on' if self._durable else 'off'}", "timezone = 'UTC'", "log_timezone = 'UTC'",
            f"shared_preload_libraries = '{self._preload}'",
        ]  # fmt: skip
        return "\n".join(lines) + "\n"

    def _check_version(self) -> None:
        """A newer PostgreSQL does not read an older one's files."""
        theirs = (self._data / "PG_VERSION").read_text().strip()
        shown = subprocess.run([str(self._bin / "postgres"), "--version"], capture_output=True, text=True, check=False)
        ours = shown.stdout.split()[2].partition(".")[0] if shown.returncode == 0 else theirs
        if ours != theirs:
            raise ServerUnavailable(
                f"data in {self.folder} are of PostgreSQL {theirs}, and PostgreSQL {ours} is installed; install "
                f"{theirs}, or remove the data with `make clean-data`")

    def _environment(self) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}

def _first_facts() -> dict[str, Any]:
    passwords = {SUPERUSER: secrets.token_hex(12), APPLICATION: secrets.token_hex(12)}
    return {"passwords": passwords, "initialised": False}


def unprivileged_user() -> str:
    """PostgreSQL refuses to run as root: then Debian's `postgres` account, or `nobody`. Empty: run as who we are."""
    if os.geteuid() != 0:
        return ""
    accounts = {account.pw_name for account in pwd.getpwall()}
    return "postgres" if "postgres" in accounts else "nobody"
