"""Forgetting what is old, in small pieces, so that no purge holds locks for long."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Table, delete, select, tuple_
from sqlalchemy.orm import Session

from shared_components.db.tables import inbox, operations


def purge_operations(session: Session, *, before: datetime, limit: int = 500) -> int:
    """Delete at most `limit` operations older than `before`; gives how many went, 0 when none are left.

    Keys that guard money are kept for ever: a service whose effects are money never calls this.
    """
    return _purge(session, operations, operations.c.created_at, before, limit)


def purge_inbox(session: Session, *, before: datetime, limit: int = 500) -> int:
    """Delete at most `limit` marks older than `before`, an age no redelivery can reach."""
    return _purge(session, inbox, inbox.c.handled_at, before, limit)


def _purge(session: Session, table: Table, age: ColumnElement[datetime], before: datetime, limit: int) -> int:
    key = list(table.primary_key.columns)
    old = select(*key).where(age < before).order_by(age).limit(limit)
    result = session.execute(delete(table).where(tuple_(*key).in_(old.subquery().select())))
    return int(getattr(result, "rowcount", 0))
