"""Access tokens: proofs of a session, for the app in `client_id` alone."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from joserfc.jwk import OKPKey

from shared_components.kernel.acting import Acting
from shared_components.security.errors import TokenInvalid
from shared_components.security.proofs.claims import acting_of, claims_of
from shared_components.security.proofs.verdicts import Verdicts
from shared_components.security.tokens import SigningKey, TokenSigner, TokenVerifier

TYPE = "at+jwt"
LONGEST = timedelta(minutes=10)


class Session(NamedTuple):
    """A verified session. expires_s: of the token, epoch seconds."""

    acting: Acting
    app: str
    expires_s: int


class AccessTokens:
    """Verifies access tokens, each text once.

    keys: kid → public key of the login. issuer: of the tokens. realm: their audience.
    """

    def __init__(self, keys: Mapping[str, OKPKey], *, issuer: str, realm: str) -> None:
        self._verifier = TokenVerifier(keys, issuer=issuer, audience=realm, typ=TYPE)
        self._verdicts = Verdicts(self._read)

    def verify(self, token: str, *, app: str, at: datetime) -> Session:
        """The session of a token that this app shows. Raises TokenInvalid, TokenExpired, TooManyFailures."""
        return self._verdicts.verify(token, shown_by=app, at=at, fits=lambda session: session.app == app)

    def _read(self, token: str, at: datetime) -> Session:
        claims = self._verifier.verify(token, at=at)
        app = claims.get("client_id")
        if not isinstance(app, str) or claims["exp"] - claims["iat"] > LONGEST.total_seconds():
            raise TokenInvalid
        return Session(acting_of(claims), app, claims["exp"])


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
