"""Assertions by which a client proves itself: a JWT signed with one of its registered keys.

Source: RFC 7523 section 3, OpenID Connect Core section 9
"""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry

from shared_components.security.client_keys import client_key
from shared_components.security.errors import TokenInvalid
from shared_components.security.tokens import LEEWAY_S, MAX_TOKEN_LENGTH, claims_stated, header_of

LONGEST_S = 3600
"""Authlib makes assertions for an hour."""
LONGEST_JTI = 128


class Assertion(NamedTuple):
    """jti: counts once for its client. expires_s: epoch seconds."""

    jti: str
    expires_s: int


def claimed_client(assertion: str) -> str | None:
    """The client that an assertion names, which nobody has verified yet; None when it cannot be read."""
    subject = claims_stated(assertion).get("sub")
    return subject if isinstance(subject, str) else None


def verified(
    assertion: str, keys: Sequence[Mapping[str, Any]], *, client_id: str, audiences: Collection[str], at: datetime,
) -> Assertion:
    """keys: public ones of the client. audiences: one of which it was made for. Raises TokenInvalid.

    The header chooses one of the client's keys by `kid` and nothing else; the algorithm is the key's.
    """
    header = header_of(assertion)
    algorithm, key = _key(keys, header.get("kid"))
    if header.get("alg") != algorithm or len(assertion) > MAX_TOKEN_LENGTH:
        raise TokenInvalid
    registry = JWSRegistry(algorithms=[algorithm], strict_check_header=False)
    try:
        claims = jwt.decode(assertion, key, registry=registry).claims
    except (JoseError, ValueError, TypeError, RecursionError):
        raise TokenInvalid from None
    return _checked(claims, client_id, audiences, int(at.timestamp()))


def _key(keys: Sequence[Mapping[str, Any]], kid: Any) -> tuple[str, Any]:
    found = next((key for key in keys if isinstance(kid, str) and key.get("kid") == kid), None)
    if found is None:
        raise TokenInvalid
    try:
        return client_key(found)
    except ValueError:
        raise TokenInvalid from None


def _checked(claims: Mapping[str, Any], client_id: str, audiences: Collection[str], now: int) -> Assertion:
    audience = claims.get("aud")
    named = audience if isinstance(audience, list) else [audience]
    if claims.get("iss") != client_id or claims.get("sub") != client_id or not set(audiences).intersection(
            name for name in named if isinstance(name, str)):
        raise TokenInvalid
    jti, expires = claims.get("jti"), claims.get("exp")
    if not isinstance(jti, str) or not 1 <= len(jti) <= LONGEST_JTI or type(expires) is not int:
        raise TokenInvalid
    if not now - LEEWAY_S <= expires <= now + LONGEST_S + LEEWAY_S:
        raise TokenInvalid
    for name in ("iat", "nbf"):
        if name in claims and (type(claims[name]) is not int or claims[name] > now + LEEWAY_S):
            raise TokenInvalid
    return Assertion(jti, expires)
