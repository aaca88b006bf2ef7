"""The views of sessions that callers see."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.identity.sessions.domain.session import Session


@dataclass(frozen=True, slots=True)
class SessionView:
    """current: the session of the call."""

    session_id: str
    kind: str
    device: str | None
    amr: tuple[str, ...]
    level: int
    opened_at: datetime
    used_at: datetime
    ends_at: datetime
    current: bool


@dataclass(frozen=True, slots=True)
class EndedView:
    ended: int


@dataclass(frozen=True, slots=True)
class TokenView:
    """active: the token counts now, for the app that asks; nothing else is told when it does not."""

    active: bool
    subject_id: str | None = None
    session_id: str | None = None
    kind: str | None = None
    level: int | None = None
    scopes: tuple[str, ...] | None = None
    expires_at: datetime | None = None
    principal_id: str | None = None
    mandate_id: str | None = None


INACTIVE = TokenView(False)


def session(session: Session, *, current: str) -> SessionView:
    return SessionView(
        session.session_id, session.kind, session.device, session.amr, session.level, session.opened_at,
        session.used_at, session.until(), session.session_id == current)
