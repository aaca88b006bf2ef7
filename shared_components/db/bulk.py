"""Inserts of a group's rows: those that leave with the commit are one message to PostgreSQL for all tables.

The rows travel as JSON and are unpacked by the server (json_to_recordset): for a row of 24 columns this takes a
twentieth of the computing that parameters take, and the statement is the same whatever the group's size.
SQLite gets ordinary inserts.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

import orjson
from sqlalchemy import LargeBinary, Row, Table, event, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import ORMExecuteState, Session

from shared_components.db.errors import WriteRace
from shared_components.db.prepared import Prepared, run_prepared
from shared_components.db.transaction_session import UnitSession

Rows = Sequence[Mapping[str, Any]]

_WAITING = "zhongtai.inserts"
_DIALECT = postgresql.dialect()


@dataclass(frozen=True, slots=True)
class _Insert:
    table: Table
    rows: Rows
    race: str | None


def insert_later(session: Session, table: Table, rows: Rows, *, race: str | None = None) -> None:
    """Insert rows before the next statement of this session, or together with its commit.

    rows: mappings with the same keys, which are column names; nothing is filled in from a column's default.
    race: the message of the WriteRace that takes the place of a violated key of this table.
    """
    if rows:
        session.info.setdefault(_WAITING, []).append(_Insert(table, rows, race))
        if not isinstance(session, UnitSession):
            flush_inserts(session)


def insert_new(session: Session, table: Table, rows: Rows) -> set[tuple[Any, ...]]:
    """Insert those rows whose keys are not there yet, at once and in their order; gives the primary keys of these.

    rows: as for insert_later.
    """
    if not rows:
        return set()
    flush_inserts(session)
    key = list(table.primary_key.columns)
    if session.get_bind().dialect.name != "postgresql":
        new = sqlite.insert(table).values(list(rows)).on_conflict_do_nothing().returning(*key)
        return {tuple(row) for row in session.execute(new)}
    returning = ", ".join(f'"{column.name}"' for column in key)
    statement = f"{_statement(table, tuple(rows[0]))} ON CONFLICT DO NOTHING RETURNING {returning}"
    found = session.connection().exec_driver_sql(statement, (encoded(table, rows),))
    return {tuple(row) for row in found}


def rows_of(session: Session, statement: str, parameters: tuple[Any, ...]) -> Sequence[Row[Any]]:
    """The rows of a query in PostgreSQL's and the driver's own words (`%s`), for the hottest paths.

    The ORM's way to the same rows takes three times the computing. Values are the driver's: bytea is a memoryview.
    """
    flush_inserts(session)
    if isinstance(session, UnitSession):
        return session.run_text(statement, parameters).fetchall()
    return session.connection().exec_driver_sql(statement, parameters).fetchall()


def flush_inserts(session: Session, *, commit: bool = False) -> None:
    """Write what waits, if anything does.

    commit: and commit in the same message; PostgreSQL gets to that only when all inserts have worked.
    Raises WriteRace where one was announced.
    """
    waiting: list[_Insert] | None = session.info.pop(_WAITING, None)
    if not waiting:
        return
    if session.get_bind().dialect.name != "postgresql":
        for one in waiting:
            _run(session, one.table.name, waiting, lambda one=one: session.execute(insert(one.table), list(one.rows)))
        return
    statements = [_prepared(one.table, tuple(one.rows[0])) for one in waiting]
    parameters = [encoded(one.table, one.rows) for one in waiting]
    _run(session, None, waiting, lambda: run_prepared(session.connection(), statements, parameters, commit=commit))


def _run(session: Session, table: str | None, waiting: Sequence[_Insert], run: Any) -> None:
    try:
        run()
    except IntegrityError as error:
        violated = table or getattr(getattr(error.orig, "diag", None), "table_name", None)
        race = next((one.race for one in waiting if one.table.name == violated), None)
        if race is None:
            raise
        raise WriteRace(race, details={"retry_after_s": 0}) from error


@lru_cache(maxsize=256)
def _prepared(table: Table, names: tuple[str, ...]) -> Prepared:
    return Prepared.of(_statement(table, names, "$1"), type="json")


@lru_cache(maxsize=256)
def _statement(table: Table, names: tuple[str, ...], rows: str = "%s") -> str:
    columns = ", ".join(f'"{name}"' for name in names)
    types = ", ".join(f'"{name}" {column_type(table, name)}' for name in names)
    return f'INSERT INTO "{table.name}" ({columns}) SELECT {columns} FROM json_to_recordset({rows}) AS given({types})'  # noqa: S608


def column_type(table: Table, name: str) -> str:
    """The type by which the server reads a column's values from JSON."""
    # Lengths are checked where the row goes, with the column's name in the error.
    compiled: str = table.c[name].type.compile(_DIALECT)
    return "text" if compiled.startswith("VARCHAR") else compiled


def encoded(table: Table, rows: Rows) -> str:
    """Rows as the JSON that json_to_recordset takes."""
    for name in [name for name, value in rows[0].items() if isinstance(value, datetime)]:
        for row in rows:
            value = row[name]
            if value is not None and value.tzinfo is None:
                raise ValueError(f"time for {table.name}.{name} is naive; only aware times are allowed")
    return orjson.dumps(rows, default=_hex if _has_bytes(table) else None).decode()


@lru_cache(maxsize=256)
def _has_bytes(table: Table) -> bool:
    return any(isinstance(column.type, LargeBinary) for column in table.c)


def _hex(value: Any) -> str:
    """Bytes as PostgreSQL reads them; orjson asks for what JSON has no form for."""
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    raise TypeError(f"a value of type {type(value).__name__} has no form in JSON")


@event.listens_for(UnitSession, "do_orm_execute")
def _before_statement(state: ORMExecuteState) -> Any:
    """Every statement finds the rows that were given before it."""
    session = cast(UnitSession, state.session)
    if _WAITING in session.info:
        flush_inserts(session)
    return session.send_first(state.invoke_statement) if session.untouched else None
