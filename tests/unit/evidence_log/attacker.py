"""Somebody who owns the database server: no trigger and no right holds them, but they do not have the keys."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, text

from tests.unit.evidence_log.names import SERVICE


class Attacker:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def run(self, *statements: str, **values: Any) -> None:
        """Run SQL in one transaction."""
        self.run_each([(statement, values) for statement in statements])

    def run_each(self, statements: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
        """Run statements in one transaction, each with its values."""
        with self._engine.begin() as connection, self._unhindered(connection):
            for statement, values in statements:
                connection.execute(text(statement), values)

    def rows(self, query: str, **values: Any) -> list[Any]:
        with self._engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SET search_path = {SERVICE}"))
            return list(connection.execute(text(query), values))

    @contextmanager
    def _unhindered(self, connection: Connection) -> Iterator[None]:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SET search_path = {SERVICE}; SET session_replication_role = replica"))
            yield
            return
        triggers = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        for name, _ in triggers:
            connection.execute(text(f"DROP TRIGGER {name}"))
        yield
        for _, sql in triggers:
            connection.exec_driver_sql(sql)
