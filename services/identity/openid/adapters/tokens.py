"""Tokens of this login as its own endpoints take them: verified by the stored keys, and live in the tables."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.openid.domain.app_token import KIND as APP_KIND
from services.identity.openid.domain.id_token import TYPE as ID_TOKEN
from services.identity.openid.domain.ports import ActiveToken
from services.identity.sessions.domain.ports import Grants, Sessions
from services.identity.sessions.domain.states import ACTIVE, RETIRED
from services.identity.sessions.models import SigningKeyRow
from shared_components.kernel.clock import Clock
from shared_components.security.errors import TokenInvalid
from shared_components.security.proofs.access_tokens import LONGEST
from shared_components.security.proofs.access_tokens import TYPE as ACCESS_TOKEN
from shared_components.security.proofs.claims import acting_of
from shared_components.security.proofs.login_keys import login_key
from shared_components.security.tokens import (
    LEEWAY_S,
    TrustedKey,
    claims_stated,
    verified_claims,
)


class SignedTokens:
    """Verifies signatures of this login. issuer: the `iss` of its tokens."""

    def __init__(self, session: Session, issuer: str) -> None:
        self._session, self._issuer = session, issuer

    def find(self, *states: str, audience: str | None = None) -> Callable[[str], TrustedKey | None]:
        """Gives a key by `kid`, of these states. audience: None is the key's realm."""
        def key_of(kid: str) -> TrustedKey | None:
            row = self._session.execute(select(SigningKeyRow.public, SigningKeyRow.tenant_id).where(
                SigningKeyRow.kid == kid, SigningKeyRow.state.in_(states))).one_or_none()
            if row is None:
                return None
            return login_key({"jwk": row.public, "issuer": self._issuer, "realm": audience or row.tenant_id})

        return key_of


class SqlIdTokens:
    """Reads ID tokens of ours that come back as hints: however old they are, their signature counts."""

    def __init__(self, signed: SignedTokens, clock: Clock) -> None:
        self._signed, self._clock = signed, clock

    def subject_and_session(self, hint: str) -> Mapping[str, Any] | None:
        stated = claims_stated(hint)
        issued, audience = stated.get("iat"), stated.get("aud")
        now_s = int(self._clock.now().timestamp())
        if type(issued) is not int or not 0 < issued <= now_s + LEEWAY_S or not isinstance(audience, str):
            return None
        find = self._signed.find(ACTIVE, RETIRED, audience=audience)
        try:
            return verified_claims(hint, find, typ=ID_TOKEN, at=datetime.fromtimestamp(issued, UTC))
        except TokenInvalid:
            return None


class SqlAccessTokens:
    """Access tokens whose session and grant are live in the tables now, whatever a copy says."""

    def __init__(self, signed: SignedTokens, sessions: Sessions, grants: Grants) -> None:
        self._signed, self._sessions, self._grants = signed, sessions, grants

    def active(self, token: str, *, at: datetime) -> ActiveToken | None:
        try:
            claims = verified_claims(token, self._signed.find(ACTIVE), typ=ACCESS_TOKEN, at=at)
            client_id = claims.get("client_id")
            if not isinstance(client_id, str) or claims.get("kind") == APP_KIND:
                return None
            if claims["exp"] - claims["iat"] > LONGEST.total_seconds():
                return None
            acting = acting_of(claims)
        except TokenInvalid:
            return None
        session = self._sessions.get(acting.session)
        grant = None if acting.grant is None else self._grants.get(acting.grant)
        if session is None or not session.is_live(at) or grant is None or grant.state != ACTIVE:
            return None
        if (grant.app, grant.session_id) != (client_id, session.session_id):
            return None
        # The token names persons as the client's sector sees them; the tables have their real ids.
        acts_for = grant.acts_for
        acting = acting._replace(
            subject=grant.subject_id, principal=None if acts_for is None else acts_for.principal_id)
        return ActiveToken(client_id, acting, claims["exp"], claims["iat"])
