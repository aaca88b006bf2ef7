"""Sessions: one login of one person in one browser or app, with one membership at most."""
from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from services.identity.sessions.domain import states
from services.identity.sessions.domain.errors import SessionOver
from shared_components.kernel.acting import CITIZEN
from shared_components.kernel.bilingual import Bilingual


@dataclass(frozen=True, slots=True)
class Office:
    """An officer's membership, as of the login. department: its tenant id in the session's environment."""

    membership_id: str
    department: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Session:
    """session_id: the `sid` of tokens. realm_id: tenant of the population: the realm's own, or that of its sandbox.

    amr: how the person has signed in (RFC 8176). auth_time: when for the last time.
    level: now: what evidence gives, and no more than proven_level, which the sign-in supports.
    granted_level: at the login, or at the last step-up. level_until: until then evidence gives the level.
    used_at: the last sign of life. ends_at: the end, whatever happens. tokens_until: no token of it lives longer.
    """

    session_id: str
    realm_id: str
    subject_id: str
    kind: str
    amr: tuple[str, ...]
    auth_time: datetime
    proven_level: int
    granted_level: int
    opened_at: datetime
    used_at: datetime
    ends_at: datetime
    idle: timedelta
    level: int = 0
    level_until: datetime | None = None
    office: Office | None = None
    device: str | None = field(default=None, repr=False)
    state: str = states.ACTIVE
    ended_at: datetime | None = None
    end_reason: str | None = None
    tokens_until: datetime | None = None

    @property
    def membership(self) -> str | None:
        return None if self.office is None else self.office.membership_id

    @property
    def is_citizens(self) -> bool:
        return self.kind == CITIZEN

    def until(self) -> datetime:
        """The end when there is no further sign of life."""
        return min(self.ends_at, self.used_at + self.idle)

    def is_live(self, at: datetime) -> bool:
        return self.state == states.ACTIVE and at < self.until()

    def require_live(self, at: datetime) -> Session:
        """The session itself. Raises SessionOver; nobody is told whether it ended, expired or never was."""
        if not self.is_live(at):
            raise SessionOver
        return self

    def has_fallen(self) -> bool:
        """Tell whether evidence gives less than the level that the session was given."""
        return self.level < self.granted_level

    def used(self, at: datetime) -> Session:
        return replace(self, used_at=max(self.used_at, at))

    def stepped_up(self, amr: tuple[str, ...], proven_level: int, level: int, at: datetime) -> Session:
        """The session after a further proof. level: that evidence gives, before the proof's limit."""
        proven = max(self.proven_level, proven_level)
        return replace(
            self, amr=tuple(sorted({*self.amr, *amr})), auth_time=at, proven_level=proven, level=min(level, proven),
            granted_level=min(level, proven), used_at=at)

    def ended(self, reason: str, at: datetime) -> Session:
        """Raises IllegalTransition for a session that has ended."""
        states.SESSION.move(self.state, states.ENDED)
        return replace(self, state=states.ENDED, ended_at=at, end_reason=reason)


def require_kind(kind: str, membership_id: str | None) -> None:
    """Raises ValueError: an officer's session has one membership, a citizen's none."""
    if (kind == CITIZEN) != (membership_id is None):
        raise ValueError(f"a session of kind '{kind}' has membership {membership_id}; officers have one, citizens none")


def over(session_id: str) -> SessionOver:
    """The refusal of a caller's own session."""
    return SessionOver(Bilingual(
        f"session {session_id} is not active; one that list_sessions shows is allowed",
        f"会话 {session_id} 不在登录状态；只允许 list_sessions 列出的会话"))
