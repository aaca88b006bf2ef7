"""Deletion of entries that nobody needs any more.

The last entry of each key stays, also one that removed its key: a copy that was silent for long may still have it. Only
a removal of a fleeting kind goes, such as an ended session of which every token is over.
"""
from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import JSON, CursorResult, and_, delete, exists, func, or_, select
from sqlalchemy.orm import Session

from shared_components.db.feeds.producer import present
from shared_components.db.feeds.tables import confirmations, entries, heads

FORGOTTEN_AFTER = timedelta(days=1)
"""A copy that was silent for so long holds nothing up; when it comes back it may have to begin anew."""


def compact(session: Session, feed: str, *, fleeting: Collection[str] = ()) -> int:
    """Delete the entries that a later one of the same key replaces, once every copy has passed them; gives how many.

    fleeting: kinds whose removals are deleted, too. A copy that misses such a removal decides nothing wrong.
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
    removal = and_(entries.c.kind.in_(fleeting), or_(entries.c.data.is_(None), entries.c.data == JSON.NULL))
    done = session.execute(delete(entries).where(
        entries.c.feed == feed, entries.c.n < passed, or_(replaced, removal)))
    assert isinstance(done, CursorResult)
    return done.rowcount
