"""Claims of ID tokens.

Source: OpenID Connect Core sections 2 and 3.1.3.6
"""
from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from services.identity.openid.domain.levels import acr_of

LIFETIME = timedelta(minutes=10)
TYPE = "JWT"


def id_token_claims(
    *, subject: str, client_id: str, session_id: str, auth_time: datetime, level: int, amr: Collection[str],
    access_token: str, nonce: str | None, on_behalf_of: str | None, mandate_id: str | None,
) -> dict[str, Any]:
    """subject: the person who has logged in, as the client's sector sees them.

    on_behalf_of, mandate_id: whom the person acts for; `sub` is still the person at the keyboard.
    """
    claims: dict[str, Any] = {
        "sub": subject, "aud": client_id, "sid": session_id, "auth_time": int(auth_time.timestamp()),
        "acr": acr_of(level), "amr": sorted(amr), "at_hash": half_hash(access_token),
    }
    if nonce is not None:
        claims["nonce"] = nonce
    if on_behalf_of is not None:
        claims |= {"on_behalf_of": on_behalf_of, "mandate": mandate_id}
    return claims


def half_hash(text: str) -> str:
    """The left half of the SHA-256, as at_hash has it for ES256."""
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()[:16]).decode().rstrip("=")
