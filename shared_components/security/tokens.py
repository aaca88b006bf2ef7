"""Signed tokens (JWT): sign with the current key, verify with a static map of public keys.

The header of a token is the attacker's: it may choose a key of the map by `kid` and nothing else. `jku`, `x5u`, `jwk`
and `x5c` are never followed, and the algorithm is the key's, not the token's.
"""
from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.jws import JWSRegistry

from shared_components.kernel import strict_json
from shared_components.security.errors import TokenExpired, TokenInvalid

# The name of RFC 9864, which says the curve; its forerunner `EdDSA` is deprecated.
ALGORITHM = "Ed25519"
LEEWAY_S = 30
MAX_TOKEN_LENGTH = 8192
# Header names not registered in JOSE are harmless, since none but `kid`, `typ` and `alg` is looked at.
_REGISTRY = JWSRegistry(algorithms=[ALGORITHM], strict_check_header=False)


@dataclass(frozen=True)
class SigningKey:
    """kid: the key's name in tokens; key: an Ed25519 key with its private part."""

    kid: str
    key: OKPKey

    @classmethod
    def generate(cls, kid: str) -> SigningKey:
        return cls(kid, OKPKey.generate_key("Ed25519"))

    def public(self) -> OKPKey:
        return OKPKey.import_key(self.key.as_dict(private=False))


class TokenSigner:
    """issuer: the `iss` of every token.

    typ: the kind of token that this signs (`at+jwt`), so that one kind never passes as another.
    """

    def __init__(self, key: SigningKey, *, issuer: str, typ: str) -> None:
        self._key, self._issuer, self._typ = key, issuer, typ

    def sign(
        self, claims: Mapping[str, Any], *, audience: str | Sequence[str], at: datetime, lifetime: timedelta,
    ) -> str:
        """The token. claims: besides iss, aud, iat and exp, which are set here."""
        header = {"alg": ALGORITHM, "kid": self._key.kid, "typ": self._typ}
        issued_at = int(at.timestamp())
        body = {
            **claims,
            "iss": self._issuer,
            "aud": audience if isinstance(audience, str) else list(audience),
            "iat": issued_at,
            "exp": issued_at + int(lifetime.total_seconds()),
        }
        return jwt.encode(header, body, self._key.key, registry=_REGISTRY)


class TokenVerifier:
    """Checks signature, typ, iss, aud and exp of tokens of one kind.

    keys: kid → public key; two while a key is being replaced.
    """

    def __init__(
        self, keys: Mapping[str, OKPKey], *, issuer: str, audience: str, typ: str, leeway_s: int = LEEWAY_S
    ) -> None:
        self._keys = dict(keys)
        self._issuer, self._audience, self._typ, self._leeway_s = issuer, audience, typ, leeway_s

    def verify(self, token: str, *, at: datetime) -> dict[str, Any]:
        """The claims. Raises TokenExpired for a genuine token that is over, TokenInvalid for all else."""
        header = _read_header(token)
        kid = header.get("kid")
        key = self._keys.get(kid) if isinstance(kid, str) else None
        if key is None or header.get("alg") != ALGORITHM or header.get("typ") != self._typ:
            raise TokenInvalid
        try:
            claims = jwt.decode(token, key, registry=_REGISTRY).claims
        except (JoseError, ValueError, TypeError, RecursionError):
            raise TokenInvalid from None
        self._check_claims(claims, int(at.timestamp()))
        return dict(claims)

    def _check_claims(self, claims: Mapping[str, Any], now: int) -> None:
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        if claims.get("iss") != self._issuer or self._audience not in audiences:
            raise TokenInvalid
        expires, issued = claims.get("exp"), claims.get("iat")
        if type(expires) is not int or type(issued) is not int or issued > now + self._leeway_s:
            raise TokenInvalid
        if "nbf" in claims and (type(claims["nbf"]) is not int or claims["nbf"] > now + self._leeway_s):
            raise TokenInvalid
        if expires < now - self._leeway_s:
            raise TokenExpired


def key_id_of(token: str) -> str:
    """The `kid` that a token states, which nobody has verified yet. Raises TokenInvalid."""
    kid = _read_header(token).get("kid")
    if not isinstance(kid, str):
        raise TokenInvalid
    return kid


def _read_header(token: str) -> dict[str, Any]:
    if len(token) > MAX_TOKEN_LENGTH or token.count(".") != 2 or not token.isascii():
        raise TokenInvalid
    segment = token.split(".", 1)[0]
    try:
        header = strict_json.read(urlsafe_b64decode(segment + "=" * (-len(segment) % 4)))
    except (binascii.Error, ValueError):
        raise TokenInvalid from None
    if not isinstance(header, dict):
        raise TokenInvalid
    return header


def header_of(token: str) -> dict[str, Any]:
    """The header that a token states, which nobody has verified yet. Raises TokenInvalid."""
    return _read_header(token)


def payload_of(token: str) -> bytes:
    """The content that a token states, which nobody has verified yet. Raises TokenInvalid."""
    _read_header(token)
    segment = token.split(".", 2)[1]
    try:
        return urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    except (binascii.Error, ValueError):
        raise TokenInvalid from None


def claims_stated(token: str) -> dict[str, Any]:
    """The claims that a token states, which nobody has verified yet; of what is no token, none."""
    try:
        claims = strict_json.read(payload_of(token))
    except (TokenInvalid, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}
