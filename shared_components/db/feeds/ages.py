"""How old the copies of a service are, for operators."""
from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared_components.db.feeds.pages import LEASE_S
from shared_components.db.feeds.producer import present
from shared_components.db.feeds.tables import positions


def age_s(session: Session) -> float | None:
    """Seconds since the service's oldest copy was up to date; None when none ever was. Above LEASE_S it is stale."""
    found = list(session.scalars(select(positions.c.fresh_until)))
    if not found or None in found:
        return None
    now = present(session)
    return max((now - until + timedelta(seconds=LEASE_S)).total_seconds() for until in found)
