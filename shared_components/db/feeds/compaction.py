"""Deletion of entries that nobody needs any more. The last entry of each key stays, also one that removed its key."""
from __future__ import annotations

from datetime import timedelta

from sqlalchemy import CursorResult, delete, exists, func, select
from sqlalchemy.orm import Session

from shared_components.db.feeds.producer import present
from shared_components.db.feeds.tables import confirmations, entries, heads

FORGOTTEN_AFTER = timedelta(days=1)
"""A copy that was silent for so long holds nothing up; when it comes back it may have to begin anew."""


def compact(session: Session, feed: str) -> int:
    """Delete the entries that a later one of the same key replaces, once every copy has passed them; gives how many.

    Needs a transaction over all tenants. The entry at which a copy stands stays: by its digest the copy is recognised.
    """
    session.execute(delete(confirmations).where(
        confirmations.c.feed == feed, confirmations.c.lease_until < present(session) - FORGOTTEN_AFTER))
    passed = session.scalar(select(func.min(confirmations.c.n)).where(confirmations.c.feed == feed))
    if passed is None:
        passed = session.scalar(select(heads.c.n).where(heads.c.feed == feed)) or 0
    later = entries.alias()
    replaced = exists().where(
        later.c.feed == feed, later.c.kind == entries.c.kind, later.c.key == entries.c.key, later.c.n > entries.c.n)
    done = session.execute(delete(entries).where(entries.c.feed == feed, entries.c.n < passed, replaced))
    assert isinstance(done, CursorResult)
    return done.rowcount
