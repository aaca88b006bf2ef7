"""Leases: one holder in the whole cluster, until it lets go or its time is over."""
from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import DateTime, cast, delete, func, literal, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from shared_components.db.tables import leases
from shared_components.db.types import UtcDateTime


def acquire(session: Session, name: str, holder: str, ttl_s: float, now: datetime | None = None) -> bool:
    """Take or prolong a lease with one conditional upsert; False while another holds it.

    now: None is the database's clock on PostgreSQL, the only one that processes on several hosts share.
    """
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    if on_sqlite and now is None:
        now = datetime.now(UTC)  # one file, one machine, one clock
    present: Any = literal(now, UtcDateTime) if now else func.clock_timestamp()
    until = now + timedelta(seconds=ttl_s) if now else cast(present, DateTime(True)) + timedelta(seconds=ttl_s)
    statement = sqlite.insert(leases) if on_sqlite else postgresql.insert(leases)
    fresh = statement.values(name=name, holder=holder, until=until)
    upsert = fresh.on_conflict_do_update(
        index_elements=[leases.c.name],
        set_={"holder": fresh.excluded.holder, "until": fresh.excluded.until},
        where=or_(leases.c.holder == holder, leases.c.until <= present),
    )
    return session.execute(upsert.returning(leases.c.name)).first() is not None


def release(session: Session, name: str, holder: str) -> None:
    """Let go of a lease; no effect when another has it by now."""
    session.execute(delete(leases).where(leases.c.name == name, leases.c.holder == holder))
