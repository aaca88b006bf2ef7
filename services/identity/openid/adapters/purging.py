"""Delete what logins have left behind: requests, codes and assertions that are over."""
from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Table, delete
from sqlalchemy.orm import Session

from services.identity.openid.models import AuthorizationCodeRow, AuthorizationRequestRow, ClientAssertionRow

KEPT = {
    AuthorizationRequestRow: timedelta(0), AuthorizationCodeRow: timedelta(hours=1), ClientAssertionRow: timedelta(0),
}
"""How long a row stays after its end. A code stays, because its second use revokes what the first gave."""


class SqlLeftovers:
    def __init__(self, session: Session) -> None:
        self._session = session

    def purge(self, at: datetime) -> int:
        gone = 0
        for kind, kept in KEPT.items():
            table = kind.__table__
            assert isinstance(table, Table)
            done = self._session.execute(delete(table).where(table.c.expires_at < at - kept))
            gone += int(getattr(done, "rowcount", 0))
        return gone
