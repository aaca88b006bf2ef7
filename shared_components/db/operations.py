"""Records of operation ids with their replies: a repeated call gets the same reply and has no second effect."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from shared_components.db.bulk import insert_later, rows_of
from shared_components.db.tables import operations

Key = tuple[str, str, str, str]
"""(caller, subject, principal, op_id). Without an acting person subject and principal are empty."""


@dataclass(frozen=True, slots=True)
class StoredOperation:
    """One operation.

    subject, principal: the acting person and for whom they act; empty without one.
    request_hash: a keyed hash, to tell the same request from another under the same id. reply: encrypted.
    """

    caller: str
    subject: str
    principal: str
    op_id: str
    method: str
    request_hash: str
    reply: bytes
    created_at: datetime


_KEY_NAMES = ("caller", "subject", "principal", "op_id")
_KEY = tuple_(*(operations.c[name] for name in _KEY_NAMES))
_COLUMNS = [operations.c[name] for name in StoredOperation.__dataclass_fields__]
_SELECT = f"SELECT {', '.join(column.name for column in _COLUMNS)} FROM operations"  # noqa: S608
_FIND_ONE = f"{_SELECT} WHERE {' AND '.join(f'{name} = %s' for name in _KEY_NAMES)}"
_FIND = (
    f"{_SELECT} JOIN unnest({', '.join('%s::text[]' for _ in _KEY_NAMES)}) AS wanted ({', '.join(_KEY_NAMES)}) "
    f"USING ({', '.join(_KEY_NAMES)})")


def find(session: Session, keys: Collection[Key]) -> dict[Key, StoredOperation]:
    """Those of the keys that were done before, in one statement."""
    if not keys:
        return {}
    if session.get_bind().dialect.name == "postgresql":
        found = _on_postgresql(session, list(keys))
    else:
        found = [StoredOperation(*row) for row in session.execute(select(*_COLUMNS).where(_KEY.in_(keys)))]
    return {(one.caller, one.subject, one.principal, one.op_id): one for one in found}


def _on_postgresql(session: Session, keys: list[Key]) -> list[StoredOperation]:
    # Arrays instead of hundreds of parameters: most often nothing is found, and the asking is all there is.
    rows = rows_of(session, _FIND_ONE, keys[0]) if len(keys) == 1 else rows_of(
        session, _FIND, tuple(map(list, zip(*keys, strict=True))))
    return [StoredOperation(**{**row._mapping, "reply": bytes(row.reply)}) for row in rows]


def record(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep the replies of a group, in one statement: before the next one of this session, or with its commit.

    rows: with the keys of StoredOperation.
    That statement raises WriteRace when another transaction was faster with one of them: begin again.
    """
    insert_later(session, operations, rows, race="an operation of the group was done meanwhile; run it again")
