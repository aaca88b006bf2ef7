"""Events that a transaction will publish: written with its effect, published after its commit, then deleted.

A row is a mapping with event_id (unique for ever: the receivers' key against doing it twice), type, version, aggregate,
sequence, tenant_id, data, occurred_at, traceparent, created_at; times aware UTC.
"""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete as sql_delete
from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from shared_components.db.bulk import insert_later
from shared_components.db.tables import outbox

_COLUMNS = [column for column in outbox.c if column.name != "claimed_until"]


@dataclass(frozen=True, slots=True)
class OutboxLag:
    """waiting: rows not yet published; oldest_at: when the oldest of them was written."""

    waiting: int
    oldest_at: datetime | None


def add(session: Session, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Write a group's events in one statement, with the commit at the latest; gives their ids.

    created_at may be left out: it is then occurred_at.
    """
    insert_later(session, outbox, [{"created_at": row["occurred_at"], **row} for row in rows])
    return [row["event_id"] for row in rows]


def delete(session: Session, event_ids: Collection[str]) -> int:
    """Forget what was published and confirmed; gives how many there were."""
    if not event_ids:
        return 0
    result = session.execute(sql_delete(outbox).where(outbox.c.event_id.in_(list(event_ids))))
    return int(getattr(result, "rowcount", 0))


def first_waiting(session: Session, rows: Sequence[Mapping[str, Any]], known: Collection[str]) -> dict[str, int]:
    """aggregate → the lowest sequence of its events that wait before the given ones, the known ones left out.

    One statement for all rows. known: events that the asker has published, beside the rows themselves.
    """
    if not rows:
        return {}
    known = [*known, *(row["event_id"] for row in rows)]
    earlier = (
        select(outbox.c.aggregate, func.min(outbox.c.sequence))
        .where(outbox.c.aggregate.in_({row["aggregate"] for row in rows}))
        .where(outbox.c.sequence.between(1, max(row["sequence"] for row in rows) - 1))
        .where(outbox.c.event_id.not_in(known))
        .group_by(outbox.c.aggregate)
    )
    return {row[0]: row[1] for row in session.execute(earlier)}


def claim(
    session: Session, limit: int, older_than_s: float, now: datetime | None = None, claim_s: float = 30.0
) -> list[dict[str, Any]]:
    """Take what a crash has left, oldest first; no one else takes it for claim_s seconds.

    The claim is a mark and not only a row lock: commit it, publish, then delete in another transaction, so that no
    transaction stays open while the broker is waited for.
    older_than_s: leaves alone what its own process is about to publish. now: None is the present.
    """
    now = now or datetime.now(UTC)
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
    rows = [dict(row) for row in session.execute(taken).mappings()]
    return sorted(rows, key=lambda row: (row["created_at"], row["aggregate"], row["sequence"], row["event_id"]))


def shorten_claim(session: Session, event_ids: Collection[str], until: datetime) -> None:
    """Leave claimed events to whoever comes first after `until`."""
    if event_ids:
        session.execute(update(outbox).where(outbox.c.event_id.in_(list(event_ids))).values(claimed_until=until))


def lag(session: Session) -> OutboxLag:
    waiting, oldest = session.execute(select(func.count(), func.min(outbox.c.created_at)).select_from(outbox)).one()
    return OutboxLag(waiting, oldest)
