"""A person's own sessions: list them, end one of them or all others."""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.identity.sessions.domain import reasons
from services.identity.sessions.domain.errors import SessionNotFound
from services.identity.sessions.domain.ports import HasSessions
from services.identity.sessions.usecases import views
from services.identity.sessions.usecases.end_session import EndSessionTx, end_session, end_sessions_of
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList, PageView
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.acting import Acting
    from shared_components.kernel.calls import CallContext

SESSIONS = PagedList[str]("identity.list_sessions", str)


class ListSessionsTx(HasClock, HasSessions, Protocol):
    """The transaction of listing sessions."""


@dataclass(frozen=True, slots=True)
class ListSessions:
    limit: int = DEFAULT_LIMIT
    after: str | None = None


@dataclass(frozen=True, slots=True)
class EndOwnSession:
    session_id: str


@dataclass(frozen=True, slots=True)
class EndOtherSessions:
    """There is nothing to say: the session of the call stays."""


def list_sessions(
    tx: ListSessionsTx, command: ListSessions, context: CallContext,
) -> PageView[views.SessionView]:
    """The acting person's active sessions, newest first."""
    acting, now = _acting(context), tx.clock.now()
    page = SESSIONS.asked(command, context.tenant, acting.subject)
    found = tx.sessions.page(acting.subject, before=page.after, limit=page.fetch, at=now)
    return page.view(
        found, view=lambda each: views.session(each, current=acting.session), key=lambda each: each.session_id)


def end_own_session(tx: EndSessionTx, command: EndOwnSession, context: CallContext) -> views.EndedView:
    """Raises SessionNotFound, also for another person's."""
    session = tx.sessions.get(command.session_id)
    if session is None or session.subject_id != _acting(context).subject:
        raise SessionNotFound
    return views.EndedView(int(end_session(tx, session.session_id, reasons.BY_OWNER, context)))


def end_other_sessions(tx: EndSessionTx, command: EndOtherSessions, context: CallContext) -> views.EndedView:
    """End all of the acting person's sessions but that of the call."""
    acting = _acting(context)
    return views.EndedView(end_sessions_of(tx, acting.subject, reasons.BY_OWNER, context, except_=acting.session))


def _acting(context: CallContext) -> Acting:
    """The person, never the principal: an agent's sessions are the agent's."""
    acting = context.acting
    assert acting is not None, "the method's rule needs an acting person"
    return acting
