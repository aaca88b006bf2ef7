"""Grants: the rights that one session gives one app, and the family of its refresh tokens."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from services.identity.sessions.domain import states
from shared_components.kernel.acting import Mandate


@dataclass(frozen=True, slots=True)
class ActsFor:
    """Whom the person acts for, and under which mandate. ends_at: of the mandate; None: it does not end."""

    principal_id: str
    mandate: Mandate
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """app: the name under which it calls; the `client_id` of the tokens. scopes: resources, and OpenID's own."""

    grant_id: str
    realm_id: str
    session_id: str
    subject_id: str
    app: str
    scopes: tuple[str, ...]
    created_at: datetime
    acts_for: ActsFor | None = None
    state: str = states.ACTIVE
    ended_at: datetime | None = None
    end_reason: str | None = None
    tokens_until: datetime | None = None

    def revoked(self, reason: str, at: datetime) -> Grant:
        """Raises IllegalTransition for one that is revoked."""
        states.GRANT.move(self.state, states.REVOKED)
        return replace(self, state=states.REVOKED, ended_at=at, end_reason=reason)


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """One refresh token of a family. secret_hash: keyed hash; the secret is stored nowhere.

    successor_id: the token that replaced it. successor_key: version of the master key that made its successor, so that
    a retry gets the same one.
    """

    token_id: str
    grant_id: str
    realm_id: str
    secret_hash: str = field(repr=False)
    issued_at: datetime
    state: str = states.ACTIVE
    used_at: datetime | None = None
    successor_id: str | None = None
    successor_key: int | None = None

    def used(self, at: datetime, *, successor_id: str, successor_key: int) -> RefreshToken:
        """Raises IllegalTransition."""
        states.REFRESH_TOKEN.move(self.state, states.USED)
        return replace(
            self, state=states.USED, used_at=at, successor_id=successor_id, successor_key=successor_key)

    def may_be_retried(self, at: datetime, grace: timedelta, successors: Mapping[str, RefreshToken]) -> bool:
        """Tell whether this is the retry of a refresh whose reply was lost: at once, and its successor is unused."""
        if self.used_at is None or self.successor_id is None or abs(at - self.used_at) > grace:
            return False
        successor = successors.get(self.successor_id)
        return successor is not None and successor.state == states.ACTIVE
