"""Cases whose limits have to be looked at, in the database."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.matter.cases.adapters.tables import CASES


class SqlClocks:
    def __init__(self, session: Session) -> None:
        self._session = session

    def due(self, now: datetime, years: Collection[int], limit: int) -> Sequence[tuple[str, str]]:
        due = [CASES.c.look_at <= now, *([CASES.c.pending_year.in_(sorted(years))] if years else [])]
        query = select(CASES.c.tenant_id, CASES.c.case_id).where(or_(*due)).order_by(CASES.c.look_at).limit(limit)
        return [(row.tenant_id, row.case_id) for row in self._session.execute(query)]
