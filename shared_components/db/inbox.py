"""Events that a consumer has handled: the mark is written in the transaction of the effect."""
from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared_components.db.bulk import flush_inserts, insert_later
from shared_components.db.tables import inbox


def unseen(session: Session, consumer: str, event_ids: Collection[str]) -> set[str]:
    """Those of the events that the consumer has not handled yet."""
    if not event_ids:
        return set()
    query = select(inbox.c.event_id).where(inbox.c.consumer == consumer, inbox.c.event_id.in_(list(event_ids)))
    return set(event_ids) - set(session.scalars(query))


def mark(session: Session, consumer: str, event_ids: Collection[str], now: datetime | None = None) -> None:
    """Note the events as handled, in one statement.

    now: None is the present.
    Raises WriteRace when another worker was faster with one of them: roll back and begin again.
    """
    if not event_ids:
        return
    at = now or datetime.now(UTC)
    rows = [{"consumer": consumer, "event_id": event_id, "handled_at": at} for event_id in sorted(set(event_ids))]
    insert_later(
        session, inbox, rows, race=f"an event for {consumer} was handled meanwhile; run the group again")
    # Now, not with the commit: two processes with the same event collide here, before either has an effect.
    flush_inserts(session)
