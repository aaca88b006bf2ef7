"""Updates of a group's rows, each with values of its own, in one statement."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import CursorResult, Table, bindparam, update
from sqlalchemy.orm import Session

from shared_components.db.bulk import column_type, encoded, flush_inserts


def update_each(
    session: Session, table: Table, rows: Sequence[Mapping[str, Any]], *, key: Sequence[str],
    still: Mapping[str, str] | None = None,
) -> int:
    """Update each row by its key; gives how many were updated.

    rows: mappings with the same keys: those of `key` find the row, the others are its new values.
    still: column → the key of `rows` with the value that it must still have; a row that has changed is not updated.
    """
    if not rows:
        return 0
    flush_inserts(session)
    still = dict(still or {})
    names = tuple(rows[0])
    changed = tuple(name for name in names if name not in {*key, *still.values()})
    if session.get_bind().dialect.name == "postgresql":
        statement = _statement(table, names, tuple(key), changed, tuple(still.items()))
        return session.connection().exec_driver_sql(statement, (encoded(table, rows),)).rowcount
    return sum(_update(session, table, row, key, still, changed) for row in rows)


def _update(
    session: Session, table: Table, row: Mapping[str, Any], key: Sequence[str], still: Mapping[str, str],
    changed: Sequence[str],
) -> int:
    conditions = [table.c[name] == bindparam(f"key_{name}", row[name], table.c[name].type) for name in key]
    conditions += [table.c[name] == row[given] for name, given in still.items()]
    result = session.execute(update(table).where(*conditions).values({name: row[name] for name in changed}))
    return result.rowcount if isinstance(result, CursorResult) else 0


@lru_cache(maxsize=256)
def _statement(
    table: Table, names: tuple[str, ...], key: tuple[str, ...], changed: tuple[str, ...],
    still: tuple[tuple[str, str], ...],
) -> str:
    column_of = {given: column for column, given in still}
    types = ", ".join(f'"{name}" {column_type(table, column_of.get(name, name))}' for name in names)
    values = ", ".join(f'"{name}" = given."{name}"' for name in changed)
    compared = [*((name, name) for name in key), *still]
    conditions = " AND ".join(f'"{table.name}"."{column}" = given."{name}"' for column, name in compared)
    return (
        f'UPDATE "{table.name}" SET {values} FROM json_to_recordset(%s) AS given({types}) '  # noqa: S608
        f"WHERE {conditions}")
