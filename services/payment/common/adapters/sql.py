"""Helpers that the repositories share: inserts that skip what is there, counting changed rows."""
from __future__ import annotations

from collections.abc import Collection
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Executable, Table, Text, any_, literal
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def upsert_into(session: Session, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT; both databases spell it the same way."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def among(session: Session, column: ColumnElement[str], values: Collection[str]) -> ColumnElement[bool]:
    """column IN values, on PostgreSQL with one parameter, so that one statement serves every number of values."""
    if session.get_bind().dialect.name == "postgresql":
        return column == any_(literal(sorted(values), postgresql.ARRAY(Text)))
    return column.in_(sorted(values))


def changed_rows(session: Session, statement: Executable) -> int:
    return cast(CursorResult[Any], session.execute(statement)).rowcount
