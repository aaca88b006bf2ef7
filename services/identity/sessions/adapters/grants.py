"""Grants and refresh tokens in SQL."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, insert, select, update
from sqlalchemy.orm import Session as Database

from services.identity.sessions.adapters.feed import SessionFeed
from services.identity.sessions.adapters.rows import grant_of, grant_row, token_of, token_row
from services.identity.sessions.adapters.sessions import OF_SUBJECT, SUBJECT, SqlSessions
from services.identity.sessions.domain import states
from services.identity.sessions.domain.grant import Grant, RefreshToken
from services.identity.sessions.domain.ports import Family
from services.identity.sessions.models import GrantRow, RefreshTokenRow, SessionRow
from services.identity.subjects.models import SubjectRow
from shared_components.db.bulk import insert_later
from shared_components.db.bulk_update import update_each

GRANTS, TOKENS = cast(Table, GrantRow.__table__), cast(Table, RefreshTokenRow.__table__)
_STORED = ("grant_id", "state", "ended_at", "end_reason", "tokens_until")
_USED = ("token_id", "state", "used_at", "successor_id", "successor_key")


class SqlGrants:
    def __init__(self, session: Database, sessions: SqlSessions, feed: SessionFeed) -> None:
        self._session, self._sessions, self._feed = session, sessions, feed

    def add(self, grant: Grant) -> None:
        self._session.execute(insert(GrantRow).values(**grant_row(grant)))

    def get(self, grant_id: str) -> Grant | None:
        row = self._session.execute(select(*GrantRow.__table__.columns).where(
            GrantRow.grant_id == grant_id)).one_or_none()
        return None if row is None else grant_of(row)

    def save(self, grants: Sequence[Grant]) -> None:
        if not grants:
            return
        rows = [grant_row(grant) for grant in sorted(grants, key=lambda grant: grant.grant_id)]
        update_each(
            self._session, GRANTS, [{name: row[name] for name in _STORED} for row in rows], key=["grant_id"])
        for grant in grants:
            if grant.state == states.REVOKED:
                assert grant.ended_at is not None
                self._feed.ended(grant.grant_id, grant.tokens_until, grant.ended_at)

    def active(
        self, *, session_id: str | None = None, subject_id: str | None = None, app: str | None = None,
        mandate_id: str | None = None, principal_id: str | None = None,
    ) -> Sequence[Grant]:
        wanted: list[ColumnElement[bool]] = [
            column == value for column, value in (
                (GrantRow.session_id, session_id), (GrantRow.subject_id, subject_id), (GrantRow.app, app),
                (GrantRow.mandate_id, mandate_id), (GrantRow.principal_id, principal_id)) if value is not None]
        if not wanted:
            raise ValueError("no condition is given; a session, subject, app, mandate or principal is needed")
        query = select(*GrantRow.__table__.columns).where(GrantRow.state == states.ACTIVE, *wanted)
        rows = self._session.execute(query.order_by(GrantRow.grant_id).with_for_update())
        return [grant_of(row) for row in rows]

    def revoke_all(
        self, reason: str, at: datetime, *, app: str | None = None, mandate_id: str | None = None,
    ) -> None:
        """Revoke what an app holds, or what was given under a mandate.

        The feed is not told of each: verifiers refuse the app, and the mandate, by their own entries.
        """
        wanted = GrantRow.app == app if app is not None else GrantRow.mandate_id == mandate_id
        self._session.execute(
            update(GrantRow).where(GrantRow.state == states.ACTIVE, wanted)
            .values(state=states.REVOKED, ended_at=at, end_reason=reason)
            .execution_options(synchronize_session=False))

    def families(self, token_ids: Collection[str]) -> Mapping[str, Family]:
        query = (
            select(RefreshTokenRow, GrantRow, SessionRow, *SUBJECT)
            .join(GrantRow, GrantRow.grant_id == RefreshTokenRow.grant_id)
            .join(SessionRow, SessionRow.session_id == GrantRow.session_id)
            .join(SubjectRow, OF_SUBJECT)
            .where(RefreshTokenRow.token_id.in_(token_ids))
            # In one order, so that two groups never wait for each other.
            .order_by(SessionRow.session_id, GrantRow.grant_id, RefreshTokenRow.token_id)
            .with_for_update(of=[SessionRow, GrantRow, RefreshTokenRow]))
        found = self._session.execute(query.execution_options(populate_existing=True))
        return {row.RefreshTokenRow.token_id: self._family(row) for row in found}

    def tokens(self, token_ids: Collection[str]) -> Mapping[str, RefreshToken]:
        if not token_ids:
            return {}
        rows = self._session.execute(
            select(*RefreshTokenRow.__table__.columns).where(RefreshTokenRow.token_id.in_(token_ids)))
        return {row.token_id: token_of(row) for row in rows}

    def add_tokens(self, tokens: Sequence[RefreshToken]) -> None:
        if tokens:
            insert_later(self._session, TOKENS, [token_row(token) for token in tokens])

    def save_tokens(self, tokens: Sequence[RefreshToken]) -> None:
        if tokens:
            rows = [token_row(token) for token in tokens]
            update_each(
                self._session, TOKENS, [{name: row[name] for name in _USED} for row in rows], key=["token_id"])

    def _family(self, row: Any) -> Family:
        return Family(
            token_of(row.RefreshTokenRow), grant_of(row.GrantRow),
            self._sessions.read(row.SessionRow, row, device=False))
