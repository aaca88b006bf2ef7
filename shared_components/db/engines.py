"""Engines with every limit set, for PostgreSQL and for one SQLite file a service."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, Connection

from shared_components.db.postgresql import listen_to_transactions
from shared_components.db.settings import READ_ONLY, Limits


def make_engine(url: URL, service: str, limits: Limits) -> Engine:
    common: dict[str, Any] = {
        "hide_parameters": True,  # an error's text must never show personal data
        "json_serializer": lambda value: orjson.dumps(value).decode(),
        "json_deserializer": orjson.loads,
        "pool_size": limits.pool_size,
        "max_overflow": 0,
        "pool_timeout": limits.pool_timeout_s,
    }
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, limits, common)
    engine = create_engine(url, connect_args=_postgresql_arguments(service, limits), pool_use_lifo=True, **common)
    listen_to_transactions(engine)
    return engine


def read_only(engine: Engine) -> Engine:
    """The same engine and pool, in read-only transactions; costs no round trip."""
    return engine.execution_options(**{READ_ONLY: True})


def _postgresql_arguments(service: str, limits: Limits) -> dict[str, Any]:
    session = {
        "search_path": service,
        "timezone": "UTC",
        # As for any disk without a moving arm: with the default of 4, finding a group's rows reads the whole table
        # until it has some ten thousand.
        "random_page_cost": "1.1",
        "statement_timeout": _ms(limits.statement_timeout_s),
        "lock_timeout": _ms(limits.lock_timeout_s),
        "idle_in_transaction_session_timeout": _ms(limits.idle_timeout_s),
    }
    return {
        "application_name": f"zhongtai-{service}",
        "options": " ".join(f"-c {name}={value}" for name, value in session.items()),
        "connect_timeout": max(2, round(limits.connect_timeout_s)),  # libpq takes 1 as 2
        "tcp_user_timeout": _ms(limits.tcp_user_timeout_s),
        "keepalives": 1,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
    }


def _sqlite(url: URL, limits: Limits, common: dict[str, Any]) -> Engine:
    Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": limits.lock_timeout_s}, **common)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own BEGIN comes late and never IMMEDIATE: take it away and begin in _begin_sqlite.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    # NORMAL keeps every commit when the process dies; only a power cut can lose the last ones.
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """IMMEDIATE for a writer, so that it never finds at its first write that its snapshot is old."""
    reading = connection.get_execution_options().get(READ_ONLY, False)
    connection.exec_driver_sql(f"PRAGMA query_only={int(reading)}")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _ms(seconds: float) -> int:
    return max(1, round(seconds * 1000))
