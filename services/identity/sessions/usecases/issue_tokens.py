"""Give an app tokens of a session."""
from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from services.identity.sessions.domain.errors import SessionOver
from services.identity.sessions.domain.grant import ActsFor, Grant, RefreshToken
from services.identity.sessions.domain.ports import HasGrants, HasRefreshSecrets, HasSessions
from services.identity.sessions.domain.session import Session
from services.identity.sessions.usecases.signing import SigningTx, access_token, signing_key
from shared_components.kernel.ids import new_id

PREFIX = "ztr_"
SECRET_BYTES = 32


class IssueTokensTx(SigningTx, HasSessions, HasGrants, HasRefreshSecrets, Protocol):
    """The transaction of giving an app tokens."""


@dataclass(frozen=True, slots=True)
class IssueTokens:
    """app: the name under which the client calls. scopes: resources, and OpenID's own, that client and person allow.

    acts_for: whom the person acts for, under a mandate in force. refresh: with a refresh token.
    """

    session: Session
    app: str
    scopes: Collection[str]
    acts_for: ActsFor | None = None
    refresh: bool = True


@dataclass(frozen=True, slots=True)
class TokenSet:
    """expires_in: of the access token, seconds. scopes: sorted. grant_id: by which all of it is revoked."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_in: int
    scopes: tuple[str, ...]
    grant_id: str
    session_id: str
    auth_time: datetime


def issue_tokens(tx: IssueTokensTx, command: IssueTokens) -> TokenSet:
    """Raises SessionOver."""
    now = tx.clock.now()
    session = tx.sessions.lock(command.session.session_id)
    if session is None or session.require_live(now).has_fallen():
        raise SessionOver
    session = session.used(now)
    grant = Grant(
        new_id("grt"), session.realm_id, session.session_id, session.subject_id, command.app,
        tuple(sorted(set(command.scopes))), now, command.acts_for)
    access = access_token(tx, session, grant, grant.scopes, signing_key(tx, session.realm_id))
    tx.grants.add(replace(grant, tokens_until=access.until))
    tx.sessions.touch({session.session_id: (session.used_at, later(session.tokens_until, access.until))})
    text = None
    if command.refresh:
        token, text = _first_token(tx, grant, now)
        tx.grants.add_tokens([token])
    return token_set(session, grant, access.text, text, expires_s=access.until.timestamp() - now.timestamp())


def token_set(
    session: Session, grant: Grant, access: str, refresh: str | None, *, expires_s: float,
    scopes: tuple[str, ...] | None = None,
) -> TokenSet:
    return TokenSet(
        access, refresh, int(expires_s), grant.scopes if scopes is None else scopes, grant.grant_id,
        session.session_id, session.auth_time)


def later(one: datetime | None, other: datetime) -> datetime:
    return other if one is None else max(one, other)


def refresh_text(token_id: str, secret: str) -> str:
    """The refresh token as the app gets it."""
    return f"{PREFIX}{token_id}.{secret}"


def _first_token(tx: HasRefreshSecrets, grant: Grant, now: datetime) -> tuple[RefreshToken, str]:
    token_id, secret = new_id("rft"), secrets.token_urlsafe(SECRET_BYTES)
    token = RefreshToken(
        token_id, grant.grant_id, grant.realm_id, tx.refresh_secrets.hash_of(token_id, secret), now)
    return token, refresh_text(token_id, secret)
