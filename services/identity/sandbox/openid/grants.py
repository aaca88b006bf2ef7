"""Codes and access tokens of the sandbox provider, and the tokens that it signs."""
from __future__ import annotations

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

from services.identity.sandbox.population import ORGANISATIONS, REPRESENTATIVES

CODE_S, TOKEN_S = 60, 300


class Refusal(Exception):
    """A refused token request, as RFC 6749 names it."""

    def __init__(self, error: str, status: int = 400) -> None:
        super().__init__(error)
        self.error, self.status = error, status


@dataclass(frozen=True, slots=True)
class Asked:
    """An authorization request that was checked."""

    redirect_uri: str
    state: str
    nonce: str
    challenge: str


@dataclass(frozen=True, slots=True)
class Grant:
    """A person who has signed in. number: the document."""

    asked: Asked
    number: str
    name: str
    acr: str
    at: int


class Grants:
    """issuer, client_id: of the provider and its only client."""

    def __init__(self, issuer: str, client_id: str) -> None:
        self._issuer, self._client_id = issuer, client_id
        self._key = ECKey.generate_key("P-256", {"kid": secrets.token_hex(8), "use": "sig", "alg": "ES256"})
        self._codes: dict[str, Grant] = {}
        self._tokens: dict[str, Grant] = {}

    def keys(self) -> dict[str, Any]:
        return {"keys": [self._key.as_dict(private=False)]}

    def code(self, grant: Grant) -> str:
        code = secrets.token_urlsafe(32)
        self._codes[code] = grant
        return code

    def redeem(self, code: str, *, redirect_uri: str, verifier: str) -> dict[str, Any]:
        """Raises Refusal. A code counts once."""
        grant = self._codes.pop(code, None)
        if grant is None or grant.at + CODE_S < time.time() or grant.asked.redirect_uri != redirect_uri:
            raise Refusal("invalid_grant")
        if _challenge(verifier) != grant.asked.challenge:
            raise Refusal("invalid_grant")
        token = secrets.token_urlsafe(32)
        self._tokens[token] = grant
        return {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_S, "id_token": self._id_token(grant)}

    def userinfo(self, token: str) -> dict[str, Any]:
        """Raises Refusal."""
        grant = self._tokens.get(token)
        if grant is None or grant.at + CODE_S + TOKEN_S < time.time():
            raise Refusal("invalid_token", 401)
        return {"sub": stable_id(grant.number), "name": grant.name, "id_type": "111", "id_number": grant.number,
                **_organisation(grant.number)}

    def _id_token(self, grant: Grant) -> str:
        now = int(time.time())
        return jwt.encode({"alg": "ES256", "kid": self._key.kid}, {
            "iss": self._issuer, "aud": self._client_id, "sub": stable_id(grant.number), "iat": now,
            "exp": now + TOKEN_S, "nonce": grant.asked.nonce, "auth_time": grant.at, "acr": grant.acr,
        }, self._key)


def _organisation(number: str) -> dict[str, str]:
    """The organisation that a person of the sandbox represents, in the words of a business licence; empty: none."""
    code = next((code for code, representative in REPRESENTATIVES.items() if representative == number), None)
    if code is None:
        return {}
    return {"org_code": code, "org_name": ORGANISATIONS[code], "org_role": "legal-representative"}


def stable_id(number: str) -> str:
    """The provider's own id of a person, which stays the same and says nothing."""
    return "sbx-" + hashlib.sha256(f"sandbox-openid/{number}".encode()).hexdigest()[:24]


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
