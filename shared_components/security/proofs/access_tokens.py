"""Access tokens: proofs of a session, for the app in `client_id` alone."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from shared_components.kernel.acting import Acting
from shared_components.security.errors import TokenInvalid
from shared_components.security.proofs.claims import acting_of, claims_of
from shared_components.security.proofs.verdicts import Verdicts
from shared_components.security.tokens import (
    FindKey,
    Key,
    SigningKey,
    TokenSigner,
    TrustedKey,
    key_id_of,
    verified_claims,
)

TYPE = "at+jwt"
LONGEST = timedelta(minutes=10)


class Session(NamedTuple):
    """A verified session. expires_s: of the token, epoch seconds. kid: names the key that signed it."""

    acting: Acting
    app: str
    expires_s: int
    kid: str


def no_key(kid: str) -> TrustedKey | None:
    """The answer where no login is followed."""
    return None


class AccessTokens:
    """Verifies access tokens, each text once.

    keys: kid → public key, of a folder; their tokens have this issuer, and the realm as their audience.
    login: finds the keys of the login, which say these things themselves. A key that it gives no more verifies nothing,
    also where a verdict is kept.
    """

    def __init__(
        self, keys: Mapping[str, Key], *, issuer: str, realm: str, login: FindKey = no_key,
    ) -> None:
        self._keys = {kid: TrustedKey(key, issuer, realm) for kid, key in keys.items()}
        self._login = login
        self._verdicts = Verdicts(self._read)

    def verify(self, token: str, *, app: str, at: datetime) -> Session:
        """The session of a token that this app shows. Raises TokenInvalid, TokenExpired, TooManyFailures."""
        return self._verdicts.verify(
            token, shown_by=app, at=at,
            fits=lambda session: session.app == app and self._find(session.kid) is not None)

    def _find(self, kid: str) -> TrustedKey | None:
        return self._keys.get(kid) or self._login(kid)

    def _read(self, token: str, at: datetime) -> Session:
        claims = verified_claims(token, self._find, typ=TYPE, at=at)
        app = claims.get("client_id")
        if not isinstance(app, str) or claims["exp"] - claims["iat"] > LONGEST.total_seconds():
            raise TokenInvalid
        return Session(acting_of(claims), app, claims["exp"], key_id_of(token))


class AccessTokenSigner:
    """Signs access tokens: the sandbox in development, later the login."""

    def __init__(self, key: SigningKey, *, issuer: str, realm: str) -> None:
        self._signer, self._realm = TokenSigner(key, issuer=issuer, typ=TYPE), realm

    def sign(self, acting: Acting, *, app: str, at: datetime, lifetime: timedelta = LONGEST) -> str:
        """lifetime: 10 minutes at most."""
        if lifetime > LONGEST:
            raise ValueError(f"lifetime is {lifetime}; at most {LONGEST} is allowed")
        return self._signer.sign(
            {**claims_of(acting), "client_id": app}, audience=self._realm, at=at, lifetime=lifetime)
