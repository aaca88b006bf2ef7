"""Old sessions, refresh tokens and endings: found and deleted in pieces, so that nothing is locked for long."""
from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, Delete, ScalarSelect, delete, or_, select
from sqlalchemy.orm import Session as Database

from services.identity.directory.adapters.feed import FEED
from services.identity.sessions.adapters.feed import ENDED_SESSION, SessionFeed
from services.identity.sessions.models import GrantRow, RefreshTokenRow, SessionRow
from shared_components.db.feeds import entries_of


class SqlOldSessions:
    def __init__(self, session: Database, feed: SessionFeed) -> None:
        self._session, self._feed = session, feed

    def forget_endings(self, at: datetime) -> int:
        over = [key for key, said in entries_of(self._session, FEED, ENDED_SESSION).items()
                if datetime.fromisoformat(said["until"]) < at]
        for key in over:
            self._feed.forget(key)
        return len(over)

    def delete(self, *, sessions_before: datetime, tokens_before: datetime, most: int) -> int:
        used = select(RefreshTokenRow.token_id).where(RefreshTokenRow.used_at < tokens_before).limit(most)
        gone = self._run(delete(RefreshTokenRow).where(RefreshTokenRow.token_id.in_(_ids(used))))
        old = list(self._session.scalars(select(SessionRow.session_id).where(or_(
            SessionRow.ends_at < sessions_before, SessionRow.ended_at < sessions_before)).limit(most)))
        if not old:
            return gone
        grants = select(GrantRow.grant_id).where(GrantRow.session_id.in_(old))
        gone += self._run(delete(RefreshTokenRow).where(RefreshTokenRow.grant_id.in_(_ids(grants))))
        gone += self._run(delete(GrantRow).where(GrantRow.session_id.in_(old)))
        return gone + self._run(delete(SessionRow).where(SessionRow.session_id.in_(old)))

    def _run(self, statement: Delete) -> int:
        done = self._session.execute(statement.execution_options(synchronize_session=False))
        assert isinstance(done, CursorResult)
        return done.rowcount


def _ids(query: Any) -> ScalarSelect[Any]:
    found: ScalarSelect[Any] = query.scalar_subquery()
    return found
