"""The producer's side of a feed. Times are by the database's clock: processes' clocks differ."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from time import monotonic, sleep
from typing import Any, NamedTuple

from sqlalchemy import func, insert, null, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from shared_components.db.bulk import insert_new
from shared_components.db.database import ALL_TENANTS, Database
from shared_components.db.feeds.pages import BEGINNING, LEASE_S, Entry, Page, next_entry
from shared_components.db.feeds.tables import confirmations, entries, heads

MOST = 1000
"""Entries of one page at most."""
ASK_AGAIN_S = 0.02
MARGIN_S = 0.2
"""Added to leases by the producer: the clocks of two servers do not run equally fast."""


class Change(NamedTuple):
    """A change of one key. data: it holds from now on; None removes the key."""

    kind: str
    key: str
    data: Mapping[str, Any] | None


def append(session: Session, feed: str, kind: str, key: str, data: Mapping[str, Any] | None) -> int:
    """Add one entry; otherwise as append_all."""
    return append_all(session, feed, [Change(kind, key, data)])


def append_all(session: Session, feed: str, changes: Sequence[Change]) -> int:
    """Add entries in the transaction of their effect; gives the number of the last one.

    Transactions that append to one feed wait for each other, so that numbers have no gap and follow the commits: append
    last in a transaction.
    """
    head = _locked_head(session, feed)
    n: int = head.n
    digest, at = head.digest, datetime.now(UTC)
    rows = []
    for change in changes:
        entry = next_entry(n, digest, *change)
        n, digest = entry.n, entry.digest
        rows.append({"feed": feed, "n": n, **change._asdict(), "digest": digest, "at": at})
    session.execute(insert(entries), rows)
    session.execute(update(heads).where(heads.c.feed == feed).values(n=n, digest=digest))
    return n


def read_feed(
    session: Session, feed: str, copy: str, from_n: int, digest: str, *, limit: int = MOST, now: datetime | None = None,
) -> Page:
    """Give a copy what comes after its n; one that has everything gets a lease. Needs a writing transaction.

    copy: name of the service, or of its process, that keeps it. from_n, digest: up to where it has committed the feed.
    """
    head = _shared_head(session, feed)
    seen = now or head.seen or datetime.now(UTC)
    if not _is_known(session, head, from_n, digest):
        return Page((), head.n, diverged=True, now=seen)
    if from_n < head.n:
        found = session.execute(
            select(entries.c.n, entries.c.kind, entries.c.key, entries.c.data, entries.c.digest)
            .where(entries.c.feed == feed, entries.c.n > from_n).order_by(entries.c.n).limit(min(limit, MOST)))
        return Page(_in_order(from_n, found.all()), head.n, now=seen)
    _confirm(session, feed, copy, from_n, seen + timedelta(seconds=LEASE_S))
    return Page((), head.n, leased=True, now=seen)


def entries_of(session: Session, feed: str, kind: str) -> dict[str, Mapping[str, Any]]:
    """Key → what holds for it now, of one kind; removed keys are left out."""
    found = session.execute(
        select(entries.c.key, entries.c.data).where(entries.c.feed == feed, entries.c.kind == kind)
        .order_by(entries.c.n))
    newest = {row.key: row.data for row in found}
    return {key: data for key, data in newest.items() if data is not None}


def is_confirmed(session: Session, feed: str, n: int, *, now: datetime | None = None) -> bool:
    """Tell whether no copy may decide any more without entry n: each has confirmed it, or its lease has run out.

    The producer answers a revocation when this is true; it asks after the commit of the entry, for a bit more than
    LEASE_S at most.
    """
    over = _present(session, now) - timedelta(seconds=MARGIN_S)
    waiting = select(func.count()).select_from(confirmations).where(
        confirmations.c.feed == feed, confirmations.c.n < n, confirmations.c.lease_until > over)
    return session.scalar(waiting) == 0


def wait_until_confirmed(database: Database, feed: str, n: int) -> bool:
    """Wait until is_confirmed, for a bit more than LEASE_S at most; the entry must be committed.

    False: a lease outlived its time, as when the database's clock was set back.
    """
    ends = monotonic() + LEASE_S + 2 * MARGIN_S
    while True:
        with database.reading(ALL_TENANTS) as session:
            if is_confirmed(session, feed, n):
                return True
        if monotonic() > ends:
            return False
        sleep(ASK_AGAIN_S)


def _in_order(from_n: int, rows: Sequence[Any]) -> tuple[Entry, ...]:
    numbers = [from_n, *(row.n for row in rows)]
    return tuple(Entry(after, *row) for (after, _), row in zip(pairwise(numbers), rows, strict=True))


def _is_known(session: Session, head: Any, n: int, digest: str) -> bool:
    """Tell whether the feed has this entry, as the copy has it. A copy at a deleted entry begins anew."""
    if n == 0:
        return digest == BEGINNING
    if n == head.n:  # nearly every poll: nothing is new, and the head has the digest of the last entry
        return bool(digest == head.digest)
    return session.scalar(select(entries.c.digest).where(entries.c.feed == head.feed, entries.c.n == n)) == digest


def _shared_head(session: Session, feed: str) -> Any:
    """Lock the head so that no entry is committed between this look and the commit of the lease.

    seen: the database's time, from before the lock was given at the earliest; None on SQLite.
    """
    seen = null() if session.get_bind().dialect.name == "sqlite" else func.clock_timestamp()
    query = select(heads, seen.label("seen")).where(heads.c.feed == feed).with_for_update(read=True)
    found = session.execute(query).one_or_none()
    if found is None:
        _insert_head(session, feed)
        found = session.execute(query).one()
    return found


def _insert_head(session: Session, feed: str) -> None:
    insert_new(session, heads, [{"feed": feed, "n": 0, "digest": BEGINNING}])


def _locked_head(session: Session, feed: str) -> Any:
    _insert_head(session, feed)
    return session.execute(select(heads).where(heads.c.feed == feed).with_for_update()).one()


def _confirm(session: Session, feed: str, copy: str, n: int, until: datetime) -> None:
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    statement = sqlite.insert(confirmations) if on_sqlite else postgresql.insert(confirmations)
    fresh = statement.values(feed=feed, copy=copy, n=n, lease_until=until)
    session.execute(fresh.on_conflict_do_update(
        index_elements=[confirmations.c.feed, confirmations.c.copy],
        set_={"n": fresh.excluded.n, "lease_until": fresh.excluded.lease_until}))


def _present(session: Session, now: datetime | None) -> datetime:
    if now is not None:
        return now
    return present(session)


def present(session: Session) -> datetime:
    """The time by the database's clock."""
    if session.get_bind().dialect.name == "sqlite":
        return datetime.now(UTC)  # one file, one machine, one clock
    found: datetime = session.scalar(select(func.clock_timestamp()))  # type: ignore[assignment]
    return found
