"""End sessions, and what they gave to apps. It is answered when no verifier takes their tokens any more."""
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from services.identity.sessions.domain import states
from services.identity.sessions.domain.grant import Grant
from services.identity.sessions.domain.ports import HasGrants, HasSessions
from services.identity.sessions.domain.session import Session
from shared_components.kernel.evidence import EvidenceTx
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

ENDED, GRANT_REVOKED = "session.ended", "grant.revoked"


class EndSessionTx(HasClock, HasSessions, EvidenceTx, Protocol):
    """The transaction of ending sessions."""


class RevokeGrantsTx(HasClock, HasGrants, EvidenceTx, Protocol):
    """The transaction of revoking what apps hold."""


def end_session(tx: EndSessionTx, session_id: str, reason: str, context: CallContext | None) -> bool:
    """Tell whether there was such a session that had not ended. Its browser and all apps are logged out."""
    session = tx.sessions.lock(session_id)
    if session is None or session.state != states.ACTIVE:
        return False
    _end(tx, session, reason, context)
    return True


def end_sessions_of(
    tx: EndSessionTx, subject_id: str, reason: str, context: CallContext | None, *, except_: str | None = None,
) -> int:
    """End all sessions of a person but one; gives how many."""
    ending = [session for session in tx.sessions.active_of(subject_id) if session.session_id != except_]
    for session in ending:
        _end(tx, session, reason, context)
    return len(ending)


def revoke_grants(
    tx: RevokeGrantsTx, reason: str, context: CallContext | None, *, session_id: str | None = None,
    subject_id: str | None = None, app: str | None = None,
) -> int:
    """Revoke what fits all that is given, such as an app's part of one person; gives how many."""
    found = tx.grants.active(session_id=session_id, subject_id=subject_id, app=app)
    revoke_these(tx, found, reason, context)
    return len(found)


def revoke_these(
    tx: RevokeGrantsTx, grants: Sequence[Grant], reason: str, context: CallContext | None,
) -> None:
    """Revoke active grants, with the access tokens that were given for them."""
    now = tx.clock.now()
    tx.grants.save([grant.revoked(reason, now) for grant in grants])
    for grant in grants:
        tx.record_evidence(
            context, owner=grant.realm_id, action=GRANT_REVOKED, about=grant.grant_id, basis="platform",
            details={"subject_id": grant.subject_id, "app": grant.app, "reason": reason})


def _end(tx: EndSessionTx, session: Session, reason: str, context: CallContext | None) -> None:
    tx.sessions.end(session.ended(reason, tx.clock.now()))
    tx.record_evidence(
        context, owner=session.realm_id, action=ENDED, about=session.session_id, basis="platform",
        details={"subject_id": session.subject_id, "reason": reason})
