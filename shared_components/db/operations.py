"""What was done under which operation id, with its reply: asked again, the same answer and no second effect."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shared_components.db.errors import WriteRace
from shared_components.db.tables import operations

Key = tuple[str, str]
"""(caller, op_id)"""


@dataclass(frozen=True, slots=True)
class StoredOperation:
    """request_hash: of the request, to tell the same one from another under the same id; reply: as it was sent."""

    caller: str
    op_id: str
    method: str
    request_hash: str
    reply: bytes
    created_at: datetime


_COLUMNS = [operations.c[name] for name in StoredOperation.__dataclass_fields__]


def find(session: Session, keys: Collection[Key]) -> dict[Key, StoredOperation]:
    """Those of the keys that were done before, in one statement."""
    if not keys:
        return {}
    query = select(*_COLUMNS).where(tuple_(operations.c.caller, operations.c.op_id).in_(list(keys)))
    found = (StoredOperation(*row) for row in session.execute(query))
    return {(one.caller, one.op_id): one for one in found}


def record(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep the replies of a group, in one statement.

    rows: with the keys of StoredOperation.
    Raises WriteRace when another transaction has done one of them meanwhile: roll back and begin again.
    """
    if not rows:
        return
    try:
        session.execute(insert(operations), list(rows))
    except IntegrityError as error:
        raise WriteRace("an operation of the group was done meanwhile; run it again", details=_NOW) from error


_NOW = {"retry_after_s": 0}
