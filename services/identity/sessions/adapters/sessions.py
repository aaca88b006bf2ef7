"""Sessions in SQL, read with the level that evidence gives now."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select, Table, insert, select, update
from sqlalchemy.orm import Session as Database

from services.identity.sessions.adapters.feed import SessionFeed
from services.identity.sessions.adapters.rows import session_of, session_row
from services.identity.sessions.domain import states
from services.identity.sessions.domain.session import Session
from services.identity.sessions.models import SessionRow as Row
from services.identity.subjects.adapters.rows import standing_in
from services.identity.subjects.domain.levels import LevelTable
from services.identity.subjects.domain.states import ACTIVE
from services.identity.subjects.models import SubjectRow
from shared_components.db.bulk_update import update_each
from shared_components.kernel.clock import Clock
from shared_components.security import Secrets

SUBJECT = (SubjectRow.standing.label("standing"), SubjectRow.state.label("subject_state"),
           SubjectRow.merged_into.label("merged_into"))
OF_SUBJECT = SubjectRow.subject_id == Row.subject_id
_STORED = ("amr", "auth_time", "proven_level", "granted_level", "used_at", "tokens_until")
_ENDED = ("state", "ended_at", "end_reason")


class SqlSessions:
    """levels: the platform's own table."""

    def __init__(
        self, session: Database, secrets: Secrets, levels: LevelTable, clock: Clock, feed: SessionFeed,
    ) -> None:
        self._session, self._secrets, self._levels, self._clock, self._feed = session, secrets, levels, clock, feed

    def add(self, session: Session) -> None:
        device = session.device and self._secrets.fields.encrypt(session.device, aad=_aad(session.session_id))
        self._session.execute(insert(Row).values(**session_row(session, device or None)))

    def get(self, session_id: str) -> Session | None:
        return self._one(_read().where(Row.session_id == session_id))

    def lock(self, session_id: str) -> Session | None:
        return self._one(_read().where(Row.session_id == session_id).with_for_update(of=Row))

    def save(self, session: Session) -> None:
        values = session_row(session, None)
        self._session.execute(
            update(Row).where(Row.session_id == session.session_id, Row.state == states.ACTIVE)
            .values({name: values[name] for name in _STORED}).execution_options(synchronize_session=False))

    def end(self, session: Session) -> None:
        values = session_row(session, None)
        self._session.execute(
            update(Row).where(Row.session_id == session.session_id)
            .values({name: values[name] for name in _ENDED}).execution_options(synchronize_session=False))
        assert session.ended_at is not None
        self._feed.ended(session.session_id, session.tokens_until, session.ended_at)

    def active_of(self, subject_id: str) -> Sequence[Session]:
        return self._all(_active(subject_id).order_by(Row.session_id.desc()).with_for_update(of=Row))

    def page(self, subject_id: str, *, before: str | None, limit: int, at: datetime) -> Sequence[Session]:
        query = _active(subject_id).where(Row.ends_at > at)
        if before is not None:
            query = query.where(Row.session_id < before)
        return self._all(query.order_by(Row.session_id.desc()).limit(limit))

    def touch(self, used: Mapping[str, tuple[datetime, datetime]]) -> None:
        rows = [{"session_id": key, "used_at": at, "tokens_until": until} for key, (at, until) in sorted(used.items())]
        update_each(self._session, cast(Table, Row.__table__), rows, key=["session_id"])

    def read(self, row: Any, subject: Any, *, device: bool = True) -> Session:
        """A session. subject: has the columns of SUBJECT. device: decrypt it."""
        sealed = row.device if device else None
        level, until = self._level(subject, row.proven_level)
        return session_of(
            row, level=level, level_until=until,
            device=None if sealed is None else self._secrets.fields.decrypt(sealed, aad=_aad(row.session_id)))

    def _level(self, subject: Any, proven_level: int) -> tuple[int, datetime | None]:
        """The level that evidence gives, and until when. A person who is not active has none."""
        if subject.subject_state != ACTIVE or subject.merged_into is not None:
            return 0, None
        standing, now = standing_in(subject.standing), self._clock.now()
        level = min(self._levels.level_of(standing, now), proven_level)
        return level, self._levels.held_until(standing, level, now)

    def _one(self, query: Select[Any]) -> Session | None:
        row = self._session.execute(query).one_or_none()
        return None if row is None else self.read(row, row)

    def _all(self, query: Select[Any]) -> Sequence[Session]:
        return [self.read(row, row) for row in self._session.execute(query)]


def _aad(session_id: str) -> str:
    return f"{session_id}/device"


def _read() -> Select[Any]:
    return select(*Row.__table__.columns, *SUBJECT).join(SubjectRow, OF_SUBJECT)


def _active(subject_id: str) -> Select[Any]:
    return _read().where(Row.subject_id == subject_id, Row.state == states.ACTIVE)
