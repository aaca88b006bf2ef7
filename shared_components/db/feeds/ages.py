"""How old the copies of a service are, for operators."""
from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from shared_components.db.feeds.pages import LEASE_S
from shared_components.db.feeds.producer import present
from shared_components.db.feeds.tables import positions


def age_s(session: Session) -> float | None:
    """Seconds since the service's oldest copy was up to date; above LEASE_S it is stale.

    None when no copy ever was, or there is no table of copies.
    """
    if not inspect(session.connection()).has_table(positions.name):
        return None
    found: list[datetime | None] = list(session.scalars(select(positions.c.fresh_until)))
    known = [until for until in found if until is not None]
    if len(known) < len(found) or not known:
        return None
    age = present(session) - min(known) + timedelta(seconds=LEASE_S)
    return age.total_seconds()
