"""Tokens of an app itself: for some minutes one counts in place of the app key; nobody acts."""
from __future__ import annotations

import hashlib
from datetime import datetime
from typing import NamedTuple

from shared_components.kernel.apps import is_app
from shared_components.security.errors import TokenInvalid
from shared_components.security.proofs.access_tokens import LONGEST, TYPE
from shared_components.security.proofs.verdicts import Verdicts
from shared_components.security.tokens import FindKey, key_id_of, verified_claims

KIND = "app"
"""The claim `kind`, where persons' tokens have citizen or officer. Without `sid` none of them proves a person."""
MOST_METHODS = 64


class AppToken(NamedTuple):
    """methods: that it is for, as `payment.*`. expires_s: epoch seconds. kid: names the key that signed it."""

    app: str
    methods: tuple[str, ...]
    expires_s: int
    kid: str


class AppTokens:
    """Verifies tokens of apps, each text once. find: gives the keys of the login, with their audience."""

    def __init__(self, find: FindKey) -> None:
        self._find = find
        self._verdicts = Verdicts(self._read)

    def verify(self, token: str, *, at: datetime) -> AppToken:
        """Raises TokenInvalid, TokenExpired.

        Nobody's failures are counted: who shows a token is not known before it is verified.
        """
        return self._verdicts.verify(
            token, shown_by=hashlib.sha256(token.encode()).hexdigest(), at=at,
            fits=lambda found: self._find(found.kid) is not None)

    def _read(self, token: str, at: datetime) -> AppToken:
        claims = verified_claims(token, self._find, typ=TYPE, at=at)
        app, scope = claims.get("client_id"), claims.get("scope")
        if claims.get("kind") != KIND or not isinstance(app, str) or not is_app(app) or claims.get("sub") != app:
            raise TokenInvalid
        if not isinstance(scope, str) or claims["exp"] - claims["iat"] > LONGEST.total_seconds():
            raise TokenInvalid
        methods = tuple(scope.split())
        if len(methods) > MOST_METHODS:
            raise TokenInvalid
        return AppToken(app, methods, claims["exp"], key_id_of(token))
