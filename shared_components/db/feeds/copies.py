"""A service's copy of a feed: in its database for all its processes, and in the memory of each of them."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from shared_components.db.bulk import insert_new
from shared_components.db.database import ALL_TENANTS, Database
from shared_components.db.feeds.pages import BEGINNING, LEASE_S, Entry, Page
from shared_components.db.feeds.producer import present
from shared_components.db.feeds.tables import copied, positions
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.clock import LearnedClock
from shared_components.kernel.errors import Unavailable

Ask = Callable[[int, str], Page]
"""Calls the producer's read_feed with (from_n, digest)."""
MOST_PAGES = 1000


class FeedStale(Unavailable):
    """The copy of a feed has no lease: its producer has not answered lately. Nothing was done."""

    code = "db.feed-stale"
    texts = {"en": "Rights cannot be checked now.", "zh": "暂时无法核实权限，请稍后重试。"}


@dataclass
class FeedCopy:
    """One process's copy of one feed. Not for several threads at once while it reloads.

    data: (kind, key) → what the producer has said, without removed keys. clock: learns the database's time.
    """

    feed: str
    data: dict[tuple[str, str], Any] = field(default_factory=dict)
    n: int = 0
    generation: int = 0
    on_change: Callable[[Mapping[tuple[str, str], Any]], None] | None = None
    clock: LearnedClock = field(default_factory=LearnedClock)

    def refresh(self, session: Session, *, now: datetime | None = None) -> None:
        """Catch up with the table, before something is decided in this transaction.

        Raises FeedStale when the copy's lease has run out; what the table has is known then, too.
        """
        position = session.execute(select(positions).where(positions.c.feed == self.feed)).one_or_none()
        if position is not None and (position.generation, position.n) != (self.generation, self.n):
            self._reload(session, position.generation, position.n)
        self._check_lease(None if position is None else position.fresh_until, now or present(session))

    def is_current(self, position: Any) -> bool:
        """Tell whether this memory has all that the table has. position: a row of `positions_of`.

        Raises FeedStale when it has, and the lease has run out.
        """
        if position.n is not None and (position.generation, position.n) != (self.generation, self.n):
            return False
        self._check_lease(position.fresh_until, position.seen)
        return True

    def _check_lease(self, fresh_until: datetime | None, seen: datetime) -> None:
        self.clock.learn(seen)
        if fresh_until is None or fresh_until <= seen:
            raise self._stale()

    def _stale(self) -> FeedStale:
        return FeedStale(Bilingual(
            f"the copy of feed '{self.feed}' is stale; a lease of {LEASE_S:g} s is needed",
            f"数据源“{self.feed}”的副本已过期；有效期为 {LEASE_S:g} 秒"), details={"retry_after_s": 1})

    def _reload(self, session: Session, generation: int, n: int) -> None:
        anew = generation != self.generation or n < self.n
        data = {} if anew else dict(self.data)
        found = session.execute(
            select(copied.c.kind, copied.c.key, copied.c.data)
            .where(copied.c.feed == self.feed, copied.c.n > (0 if anew else self.n)))
        for kind, key, value in found:
            if value is None:
                data.pop((kind, key), None)
            else:
                data[kind, key] = value
        self.data, self.n, self.generation = data, n, generation
        if self.on_change is not None:
            self.on_change(data)


_POSITIONS = (
    "SELECT wanted.feed, generation, n, fresh_until, clock_timestamp() AS seen "
    "FROM unnest(%s::text[]) AS wanted (feed) LEFT JOIN feed_positions USING (feed)")


_KNOWN = "SELECT clock_timestamp() AS began, n, digest FROM feed_positions WHERE feed = %s"


def positions_of(database: Database, feeds: Sequence[str]) -> Mapping[str, Any]:
    """feed → generation, n, fresh_until, and the database's time; one message to PostgreSQL.

    Of a feed that was never polled only the time is known.
    """
    return {row.feed: row for row in database.look(_POSITIONS, (list(feeds),))}


def poll(database: Database, feed: str, ask: Ask, *, clock: Callable[[Session], datetime] | None = None) -> int:
    """Ask the producer until the table has everything and a lease; gives the n that it has then.

    clock: None is the database's.

    No transaction is open while the producer is asked. One process of a service does this, each 500 ms.
    """
    for _ in range(MOST_PAGES):
        began, n, digest = _known_position(database, feed, clock)
        page = ask(n, digest)
        # Only a lease may be lost in a crash: the copy is stale then until the next poll. What was confirmed may not.
        with database.transaction(ALL_TENANTS, repeatable=page.leased) as session:
            if apply_page(session, feed, n, digest, page, began):
                return n
    raise RuntimeError(f"feed '{feed}' had more than {MOST_PAGES} pages; the copy never got to its end")


def _known_position(
    database: Database, feed: str, clock: Callable[[Session], datetime] | None,
) -> tuple[datetime, int, str]:
    """Give the time before the producer is asked, and what the table has; one message where a poll came before."""
    if clock is None and not database.is_sqlite:
        for row in database.look(_KNOWN, (feed,)):
            return row.began, row.n, row.digest
    with database.transaction(ALL_TENANTS) as session:
        began = (clock or present)(session)
        return began, *position_of(session, feed)


def position_of(session: Session, feed: str) -> tuple[int, str]:
    """The n and digest up to which the table has the feed."""
    insert_new(session, positions, [
        {"feed": feed, "n": 0, "digest": BEGINNING, "generation": 1, "fresh_until": None}])
    row = session.execute(select(positions.c.n, positions.c.digest).where(positions.c.feed == feed)).one()
    return row.n, row.digest


def apply_page(session: Session, feed: str, n: int, digest: str, page: Page, began: datetime) -> bool:
    """Write a page to the table; True when it gave a lease. A position that another process has moved stays.

    There is no position after a backup was restored that is older than the first poll: the next poll begins anew.
    """
    if page.leased:
        return _prolong(session, feed, n, digest, began + timedelta(seconds=LEASE_S))
    row = session.execute(select(positions).where(positions.c.feed == feed).with_for_update()).one_or_none()
    if row is None or (row.n, row.digest) != (n, digest):
        return False
    if page.diverged:
        _begin_anew(session, feed, row.generation)
        return False
    for entry in page.entries:
        if entry.after != n:
            raise RuntimeError(
                f"feed '{feed}' gave entry {entry.n}, which follows {entry.after}; the one after {n} is needed")
        n, digest = entry.n, entry.digest
        _keep(session, feed, entry)
    _move(session, feed, n, digest, row.fresh_until)
    return False


def _begin_anew(session: Session, feed: str, generation: int) -> None:
    session.execute(delete(copied).where(copied.c.feed == feed))
    session.execute(update(positions).where(positions.c.feed == feed).values(
        n=0, digest=BEGINNING, generation=generation + 1, fresh_until=None))


def _prolong(session: Session, feed: str, n: int, digest: str, fresh_until: datetime) -> bool:
    """Tell whether the position is still there."""
    there = (positions.c.feed == feed, positions.c.n == n, positions.c.digest == digest)
    found: Any = session.execute(update(positions).where(*there).values(fresh_until=fresh_until))
    return bool(found.rowcount == 1)


def _move(session: Session, feed: str, n: int, digest: str, fresh_until: datetime | None) -> None:
    session.execute(update(positions).where(positions.c.feed == feed).values(
        n=n, digest=digest, fresh_until=fresh_until))


def _keep(session: Session, feed: str, entry: Entry) -> None:
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    statement = sqlite.insert(copied) if on_sqlite else postgresql.insert(copied)
    fresh = statement.values(feed=feed, kind=entry.kind, key=entry.key, n=entry.n, data=entry.data)
    session.execute(fresh.on_conflict_do_update(
        index_elements=[copied.c.feed, copied.c.kind, copied.c.key],
        set_={"n": fresh.excluded.n, "data": fresh.excluded.data}))
