"""Tokens of an app itself: what its key opens, or less; nobody acts."""
from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from services.identity.openid.domain.oauth_errors import INVALID_SCOPE, OAuthRefused

LIFETIME = timedelta(minutes=10)
TYPE = "at+jwt"
KIND = "app"
"""The claim `kind`, where persons' tokens have citizen or officer."""
MOST_SCOPES = 64


def app_claims(client_id: str, *, realm: str, scopes: Collection[str], jti: str) -> dict[str, Any]:
    """realm: the audience. scopes: methods, as `payment.*`."""
    return {
        "sub": client_id, "client_id": client_id, "kind": KIND, "aud": realm, "scope": " ".join(sorted(scopes)),
        "jti": jti,
    }


def methods_of(text: str | None, allowed: Collection[str]) -> frozenset[str]:
    """The methods that a token is for: those asked for, or all that the app may call. Raises OAuthRefused."""
    if text is None:
        return frozenset(allowed)
    asked = text.split(" ")
    if len(asked) > MOST_SCOPES or not all(_is_allowed(name, allowed) for name in asked):
        raise OAuthRefused(INVALID_SCOPE, "a scope names methods that the app may not call")
    return frozenset(asked)


def _is_allowed(scope: str, allowed: Collection[str]) -> bool:
    service, dot, method = scope.partition(".")
    if not dot or not service or not method:
        return scope in allowed
    return any(given in ("*", f"{service}.*", scope) for given in allowed)
