"""A lock on a name, for what has no row to lock yet."""
from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

_HOLD = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


def hold_key(session: Session, *parts: str) -> None:
    """Wait until no other transaction holds this name, and hold it until this one ends.

    Read after it, then write: the read sees what the one before has committed.
    parts: the kind of thing first, then its key, such as `template`, tenant, code.
    """
    # SQLite has one writer at a time as it is.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_HOLD, {"name": "\x1f".join(parts)})
