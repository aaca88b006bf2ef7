"""Statements that PostgreSQL plans once a connection: their PREPARE travels with the first use of each.

For statements whose plan depends on no table's size, such as inserts: a plan that is kept would go on reading a table
from end to end that was small when it was made.
"""
from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.engine import Connection

_KNOWN = "zhongtai.prepared"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement with one parameter, `$1`. type: of the parameter."""

    name: str
    type: str
    sql: str

    @classmethod
    def of(cls, sql: str, *, type: str) -> Prepared:
        """The name says what the statement is, so that equal statements are one."""
        return cls(f"zt_{hashlib.sha256(f'{type} {sql}'.encode()).hexdigest()[:24]}", type, sql)


def run_prepared(
    connection: Connection, statements: Sequence[Prepared], parameters: Sequence[str], *, commit: bool = False,
) -> None:
    """Run the statements in one message, each with its parameter. commit: and commit in the same message."""
    known: set[str] | None = connection.info.pop(_KNOWN, None)
    sent: list[str] = []
    if known is None:
        # A new connection, or one on which a message has failed: nobody knows how far it came.
        known = set()
        sent.append("DEALLOCATE ALL")
    for one in statements:
        if one.name not in known:
            known.add(one.name)
            sent.append(f"PREPARE {one.name} ({one.type}) AS {one.sql}")
        sent.append(f"EXECUTE {one.name} (%s)")
    connection.exec_driver_sql("; ".join([*sent, "COMMIT"] if commit else sent), tuple(parameters))
    connection.info[_KNOWN] = known
