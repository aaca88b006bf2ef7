"""Signed tokens (JWT): sign with the current key, verify with a static map of public keys.

The header of a token is the attacker's: it may choose a key of the map by `kid` and nothing else. `jku`, `x5u`, `jwk`
and `x5c` are never followed, and the algorithm is the key's, not the token's.
"""
from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey
from joserfc.jws import JWSRegistry

from shared_components.kernel import strict_json
from shared_components.security.errors import TokenExpired, TokenInvalid

# The name of RFC 9864, which says the curve; its forerunner `EdDSA` is deprecated.
ALGORITHM, ES256 = "Ed25519", "ES256"
P_256 = "P-256"
LEEWAY_S = 30
MAX_TOKEN_LENGTH = 8192
Key = OKPKey | ECKey
# Header names not registered in JOSE are harmless, since none but `kid`, `typ` and `alg` is looked at.
_REGISTRIES = {
    algorithm: JWSRegistry(algorithms=[algorithm], strict_check_header=False) for algorithm in (ALGORITHM, ES256)}


def algorithm_of(key: Key) -> str:
    """The one algorithm of a key. Raises ValueError for a key of another curve."""
    curve = key.as_dict(private=False).get("crv")
    found = {("OKP", "Ed25519"): ALGORITHM, ("EC", P_256): ES256}.get((key.key_type, str(curve)))
    if found is None:
        raise ValueError(f"key has curve {curve}; only Ed25519 and {P_256} are allowed")
    return found


def signed(claims: Mapping[str, Any], key: Key, *, kid: str, typ: str) -> str:
    """A token of exactly these claims, by the key's algorithm."""
    algorithm = algorithm_of(key)
    header = {"alg": algorithm, "kid": kid, "typ": typ}
    return jwt.encode(header, dict(claims), key, registry=_REGISTRIES[algorithm])


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
        issued_at = int(at.timestamp())
        body = {
            **claims,
            "iss": self._issuer,
            "aud": audience if isinstance(audience, str) else list(audience),
            "iat": issued_at,
            "exp": issued_at + int(lifetime.total_seconds()),
        }
        return signed(body, self._key.key, kid=self._key.kid, typ=self._typ)


class TrustedKey(NamedTuple):
    """A public key, and whose tokens it verifies: of this issuer, for this audience alone."""

    key: Key
    issuer: str
    audience: str


FindKey = Callable[[str], TrustedKey | None]
"""Gives the key of a `kid`, of a list that the verifier has; a `kid` is never a path, an address or a query."""


def verified_claims(
    token: str, find: FindKey, *, typ: str, at: datetime, leeway_s: int = LEEWAY_S,
) -> dict[str, Any]:
    """The claims. Raises TokenExpired for a genuine token that is over, TokenInvalid for all else."""
    header = _read_header(token)
    kid = header.get("kid")
    trusted = find(kid) if isinstance(kid, str) else None
    if trusted is None or header.get("typ") != typ or "crit" in header:
        raise TokenInvalid
    algorithm = algorithm_of(trusted.key)
    if header.get("alg") != algorithm:
        raise TokenInvalid
    try:
        claims = jwt.decode(token, trusted.key, registry=_REGISTRIES[algorithm]).claims
    except (JoseError, ValueError, TypeError, RecursionError):
        raise TokenInvalid from None
    _check_claims(claims, trusted, int(at.timestamp()), leeway_s)
    return dict(claims)


def _check_claims(claims: Mapping[str, Any], trusted: TrustedKey, now: int, leeway_s: int) -> None:
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if claims.get("iss") != trusted.issuer or trusted.audience not in audiences:
        raise TokenInvalid
    expires, issued = claims.get("exp"), claims.get("iat")
    if type(expires) is not int or type(issued) is not int or issued > now + leeway_s:
        raise TokenInvalid
    if "nbf" in claims and (type(claims["nbf"]) is not int or claims["nbf"] > now + leeway_s):
        raise TokenInvalid
    if expires < now - leeway_s:
        raise TokenExpired


class TokenVerifier:
    """Checks signature, typ, iss, aud and exp of tokens of one kind.

    keys: kid → public key; two while a key is being replaced.
    """

    def __init__(
        self, keys: Mapping[str, Key], *, issuer: str, audience: str, typ: str, leeway_s: int = LEEWAY_S
    ) -> None:
        self._keys = {kid: TrustedKey(key, issuer, audience) for kid, key in keys.items()}
        self._typ, self._leeway_s = typ, leeway_s

    def verify(self, token: str, *, at: datetime) -> dict[str, Any]:
        """The claims. Raises TokenExpired for a genuine token that is over, TokenInvalid for all else."""
        return verified_claims(token, self._keys.get, typ=self._typ, at=at, leeway_s=self._leeway_s)


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
