"""Endings of sessions that follow from changes of subjects, officers and apps, in the same transaction."""
from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from services.identity.directory.domain.app import App, caller_name
from services.identity.directory.domain.membership import Membership
from services.identity.directory.domain.realm import ENVIRONMENTS
from services.identity.directory.domain.states import CLOSED
from services.identity.sessions.adapters.grants import SqlGrants
from services.identity.sessions.adapters.sessions import SqlSessions
from services.identity.sessions.domain import reasons, states
from services.identity.sessions.domain.session import Session
from services.identity.sessions.models import SessionRow as Row
from services.identity.subjects.domain.subject import Subject
from shared_components.kernel.clock import Clock


class SqlSessionEndings:
    """Satisfies the port of subjects and the directory; their adapters call it, so that no use case can forget it."""

    def __init__(self, session: Database, sessions: SqlSessions, grants: SqlGrants, clock: Clock) -> None:
        self._session, self._sessions, self._grants, self._clock = session, sessions, grants, clock

    def subject_changed(self, subject: Subject) -> None:
        """End all sessions of a person who may do nothing, and those whose level fell."""
        gone = reasons.SUBJECT_MERGED if subject.merged_into is not None else (
            reasons.OF_SUBJECT_STATE.get(subject.state))
        for session in self._sessions.active_of(subject.subject_id):
            if gone is not None:
                self._end(session, gone)
            elif session.has_fallen():
                self._end(session, reasons.LEVEL_LOWERED)

    def credential_changed(self, subject_id: str, *, except_session: str | None = None) -> None:
        """End the person's sessions but the one in which a sign-in method was changed."""
        self.end_sessions_of(subject_id, reasons.CREDENTIAL_CHANGED, except_session=except_session)

    def end_sessions_of(self, subject_id: str, reason: str, *, except_session: str | None = None) -> None:
        """End the person's sessions but one, for a reason of an earlier topic."""
        for session in self._sessions.active_of(subject_id):
            if session.session_id != except_session:
                self._end(session, reason)

    def membership_changed(self, membership: Membership) -> None:
        """End sessions in a membership that ended or moved: their tokens name its department and roles."""
        ids = self._session.scalars(
            select(Row.session_id).where(Row.membership_id == membership.membership_id, Row.state == states.ACTIVE)
            .order_by(Row.session_id))
        for session_id in list(ids):
            session = self._sessions.lock(session_id)
            if session is not None and session.state == states.ACTIVE:
                self._end(session, reasons.MEMBERSHIP_CHANGED)

    def app_changed(self, app: App) -> None:
        """Revoke what a closed app holds."""
        if app.state == CLOSED:
            for environment in ENVIRONMENTS:
                self._grants.revoke_all(
                    reasons.APP_CLOSED, self._clock.now(), app=caller_name(app.app, environment))

    def last_key_revoked(self, app: str, environment: str) -> None:
        """Revoke what an app holds that has no key any more."""
        self._grants.revoke_all(reasons.KEY_REVOKED, self._clock.now(), app=caller_name(app, environment))

    def mandate_ended(self, mandate_id: str) -> None:
        """Revoke what was given under a mandate."""
        self._grants.revoke_all(reasons.MANDATE_ENDED, self._clock.now(), mandate_id=mandate_id)

    def _end(self, session: Session, reason: str) -> None:
        self._sessions.end(session.ended(reason, self._clock.now()))
