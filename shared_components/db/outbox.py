"""Events that a transaction will publish: written with its effect, published after its commit, then deleted."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete as sql_delete
from sqlalchemy import func, insert, or_, select, update
from sqlalchemy.orm import Session

from shared_components.db.tables import outbox


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """event_id: unique for ever, the receivers' key against doing it twice; times aware UTC."""

    event_id: str
    type: str
    version: int
    aggregate: str
    sequence: int
    tenant_id: str
    data: Mapping[str, Any]
    occurred_at: datetime
    traceparent: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class OutboxLag:
    """waiting: rows not yet published; oldest_at: when the oldest of them was written."""

    waiting: int
    oldest_at: datetime | None


_COLUMNS = [outbox.c[name] for name in OutboxRow.__dataclass_fields__]


def add(session: Session, rows: Sequence[OutboxRow]) -> list[str]:
    """Write a group's events in one statement; gives their ids."""
    if rows:
        session.execute(insert(outbox), [asdict(row) for row in rows])
    return [row.event_id for row in rows]


def delete(session: Session, event_ids: Collection[str]) -> int:
    """Forget what was published and confirmed; gives how many there were."""
    if not event_ids:
        return 0
    result = session.execute(sql_delete(outbox).where(outbox.c.event_id.in_(list(event_ids))))
    return int(getattr(result, "rowcount", 0))


def claim(
    session: Session, *, limit: int, older_than_s: float, now: datetime, claim_s: float = 30.0
) -> list[OutboxRow]:
    """Take what a crash has left, oldest first; no one else takes it for claim_s seconds.

    The claim is a mark and not only a row lock, so that no transaction stays open while the events are published.
    older_than_s: leaves alone what its own process is about to publish.
    """
    waiting = (
        select(outbox.c.event_id)
        .where(outbox.c.created_at <= now - timedelta(seconds=older_than_s))
        .where(or_(outbox.c.claimed_until.is_(None), outbox.c.claimed_until <= now))
        .order_by(outbox.c.created_at, outbox.c.event_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = (
        update(outbox)
        .where(outbox.c.event_id.in_(waiting.scalar_subquery()))
        .values(claimed_until=now + timedelta(seconds=claim_s))
        .returning(*_COLUMNS)
    )
    rows = [OutboxRow(*row) for row in session.execute(taken)]
    return sorted(rows, key=lambda row: (row.created_at, row.aggregate, row.sequence, row.event_id))


def lag(session: Session) -> OutboxLag:
    waiting, oldest = session.execute(select(func.count(), func.min(outbox.c.created_at)).select_from(outbox)).one()
    return OutboxLag(waiting, oldest)
