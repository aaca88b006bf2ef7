"""Records of operation ids with their replies: a repeated call gets the same reply and has no second effect."""
from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, text, tuple_
from sqlalchemy.orm import Session

from shared_components.db.bulk import insert_later
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


_KEY = tuple_(*(operations.c[name] for name in ("caller", "subject", "principal", "op_id")))
_COLUMNS = [operations.c[name] for name in StoredOperation.__dataclass_fields__]
_FIND = text(
    f"SELECT {', '.join(column.name for column in _COLUMNS)} FROM operations "  # noqa: S608
    "JOIN unnest(CAST(:callers AS text[]), CAST(:subjects AS text[]), CAST(:principals AS text[]), "
    "CAST(:op_ids AS text[])) AS wanted (caller, subject, principal, op_id) USING (caller, subject, principal, op_id)"
).columns(*_COLUMNS)


def find(session: Session, keys: Collection[Key]) -> dict[Key, StoredOperation]:
    """Those of the keys that were done before, in one statement."""
    if not keys:
        return {}
    found = (StoredOperation(*row) for row in _rows(session, list(keys)))
    return {(one.caller, one.subject, one.principal, one.op_id): one for one in found}


def _rows(session: Session, keys: list[Key]) -> Iterable[Any]:
    if session.get_bind().dialect.name == "postgresql":
        # Arrays instead of hundreds of parameters: most often nothing is found, and the asking is all there is.
        callers, subjects, principals, op_ids = map(list, zip(*keys, strict=True))
        return session.execute(
            _FIND, {"callers": callers, "subjects": subjects, "principals": principals, "op_ids": op_ids})
    return session.execute(select(*_COLUMNS).where(_KEY.in_(keys)))


def record(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep the replies of a group, in one statement: before the next one of this session, or with its commit.

    rows: with the keys of StoredOperation.
    That statement raises WriteRace when another transaction was faster with one of them: begin again.
    """
    insert_later(session, operations, rows, race="an operation of the group was done meanwhile; run it again")
