"""Where a service's database is, and the limits it is used within."""
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

READ_ONLY = "zhongtai_read_only"
"""Execution option of an engine whose transactions only read."""

_SERVICE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_POSTGRESQL = ("postgresql", "postgresql+psycopg2")


class DatabaseSettingsError(ValueError):
    """A database URL or limit that cannot be used; the message names it and says what is allowed."""


@dataclass(frozen=True)
class Limits:
    """All `*_s` are seconds. The timeouts are the server's own: psycopg2's green wait has none.

    pool_size: connections that a process may have open.
    tcp_user_timeout_s: how long sent data may stay unacknowledged before the connection counts as dead.
    lock_timeout_s: on SQLite how long to wait for the file's other writer.
    idle_timeout_s: how long a transaction may stay open without a statement.
    """

    pool_size: int = 10
    pool_timeout_s: float = 5.0
    connect_timeout_s: float = 5.0
    statement_timeout_s: float = 10.0
    lock_timeout_s: float = 5.0
    idle_timeout_s: float = 30.0
    tcp_user_timeout_s: float = 15.0

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Limits:
        """Check the given limits. Raises DatabaseSettingsError for an unknown key or a value that is no such number."""
        allowed = [field.name for field in fields(cls)]
        for key, value in given.items():
            if key not in allowed:
                raise DatabaseSettingsError(f"database.{key} is not a setting; allowed are {', '.join(allowed)}")
            if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
                raise DatabaseSettingsError(f"database.{key} is {value!r}; only a number is allowed, and none below 0")
            if not key.endswith("_s") and not isinstance(value, int):
                raise DatabaseSettingsError(f"database.{key} is {value!r}; only a whole number is allowed")
        return cls(**given)


def service_name(service: str) -> str:
    """The service's name, fit to be a schema and a file name."""
    if not _SERVICE.fullmatch(service):
        raise DatabaseSettingsError(
            f"service is {service!r}; only 1–40 lowercase letters, digits and _, a letter first, are allowed"
        )
    return service


def service_url(url: str, service: str) -> URL:
    """The address of one service's database: PostgreSQL by psycopg2, or one SQLite file a service.

    `sqlite:///var/zhongtai.db` becomes `var/zhongtai-payment.db`. A primary and its standbys are named as by libpq:
    `postgresql://user:password@one:5432,two:5432/name?target_session_attrs=read-write`.
    """
    try:
        parsed = make_url(_hosts_as_parameters(url))
    except (ArgumentError, ValueError):  # its message holds the whole URL, the password too
        raise DatabaseSettingsError("database.url cannot be read; allowed are postgresql://… and sqlite:///…") from None
    if parsed.drivername in _POSTGRESQL:
        return parsed.set(drivername="postgresql+psycopg2")
    if parsed.drivername in ("sqlite", "sqlite+pysqlite"):
        return _sqlite_url(parsed, service)
    raise DatabaseSettingsError(
        f"database.url begins with {parsed.drivername!r}; allowed are postgresql:// and sqlite:///"
    )


def _hosts_as_parameters(url: str) -> str:
    """Write several hosts as SQLAlchemy reads them: `?host=one:5432&host=two:5432`."""
    parts = urlsplit(url)
    login, at, hosts = parts.netloc.rpartition("@")
    if "," not in hosts:
        return url
    query = "&".join([*(f"host={host}" for host in hosts.split(",")), *filter(None, [parts.query])])
    return urlunsplit(parts._replace(netloc=f"{login}{at}", query=query))


def _sqlite_url(parsed: URL, service: str) -> URL:
    if not parsed.database or parsed.database == ":memory:":
        raise DatabaseSettingsError("database.url names no file; SQLite needs one: sqlite:///folder/name.db")
    path = Path(parsed.database)
    named = path.with_name(f"{path.stem}-{service}{path.suffix or '.db'}")
    return parsed.set(drivername="sqlite+pysqlite", database=str(named))
