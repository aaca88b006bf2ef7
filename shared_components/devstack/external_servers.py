"""Servers that somebody else runs, named by an environment variable: used, never stopped."""
from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Any, NoReturn, Self

import psycopg2

from shared_components.devstack.processes import ServerUnavailable


class _External:
    """A server that somebody else runs: it is neither started nor ended. Methods that need control over it raise."""

    private = False
    running = True
    variable = ""

    def __init__(self, url: str) -> None:
        self.url = url

    def stop(self) -> None:
        """Not ours to end."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> NoReturn:
        self._refuse("started")

    def restart(self) -> NoReturn:
        self._refuse("restarted")

    def kill(self) -> NoReturn:
        self._refuse("killed")

    def _refuse(self, what: str) -> NoReturn:
        raise ServerUnavailable(f"the server named by {self.variable} cannot be {what}; unset it for a private one")


class ExternalRabbitMQ(_External):
    variable = "ZHONGTAI_TEST_BROKER_URL"

    def add_vhosts(self, names: Iterable[str]) -> list[str]:
        """Vhosts cannot be made over AMQP: the one of the URL is used, so run nothing else on it at the same time."""
        return [self.url for _ in names]

    def url_for(self, user: str = "", password: str = "", vhost: str = "") -> NoReturn:
        self._refuse("asked for another user or vhost")

    def ctl(self, *arguments: str, timeout_s: float = 60.0) -> NoReturn:
        self._refuse("administered by rabbitmqctl")

    def import_definitions(self, definitions: object) -> NoReturn:
        self._refuse("given definitions")

    def add_user(self, name: str, password: str, **permissions: object) -> NoReturn:
        self._refuse("given users")


class ExternalPostgreSQL(_External):
    """Its role must be allowed to create databases; row-level security tests need one that is no superuser."""

    variable = "ZHONGTAI_TEST_DATABASE_URL"

    def __init__(self, url: str) -> None:
        scheme, _, rest = url.partition("://")
        if scheme.partition("+")[0] not in {"postgresql", "postgres"}:
            raise ServerUnavailable(f"{self.variable} starts with {scheme!r}; it must start with 'postgresql://'")
        super().__init__(f"postgresql+psycopg2://{rest}")
        self.admin_url = self.url

    def url_for(self, database: str, *, role: str = "") -> str:
        head, _, query = self.url.partition("?")
        return f"{head.rpartition('/')[0]}/{database}" + (f"?{query}" if query else "")

    def dsn_for(self, database: str, *, role: str = "") -> str:
        return self.url_for(database).replace("+psycopg2", "", 1)

    def create_database(self, name: str) -> str:
        self.execute(f'CREATE DATABASE "{name}"')
        return self.url_for(name)

    def drop_database(self, name: str) -> None:
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def execute(self, statement: str, *, database: str = "") -> list[tuple[Any, ...]]:
        dsn = self.dsn_for(database) if database else self.url.replace("+psycopg2", "", 1)
        with self._connection(dsn) as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []

    @contextlib.contextmanager
    def _connection(self, dsn: str) -> Iterator[Any]:
        connection = psycopg2.connect(dsn, connect_timeout=5)
        try:
            connection.autocommit = True
            yield connection
        finally:
            connection.close()


def unique_name(prefix: str = "t") -> str:
    return f"{prefix}_{secrets.token_hex(6)}"
