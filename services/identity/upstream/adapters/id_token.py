"""Verify a provider's ID token: one fixed algorithm, keys of its key set, and each claim that the standard asks for."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.identity.upstream.domain.errors import UpstreamRefused
from shared_components.kernel import strict_json
from shared_components.kernel.bilingual import Bilingual

LEEWAY = timedelta(seconds=60)
LONGEST_TOKEN = 16 * 1024


class IdTokens:
    """keys: gives the provider's key set; its argument says that a key was missing, and that it may be read anew."""

    def __init__(
        self, keys: Callable[[bool], Mapping[str, Any]], *, issuer: str, client_id: str, algorithm: str,
    ) -> None:
        self._keys, self._issuer, self._client_id, self._algorithm = keys, issuer, client_id, algorithm

    def claims(self, token: Any, *, nonce: str, at: datetime) -> dict[str, Any]:
        """Raises UpstreamRefused, one error for every reason, and ProviderUnavailable."""
        if not isinstance(token, str) or len(token) > LONGEST_TOKEN:
            raise _refused()
        claims = self._verified(token)
        if not self._is_for_us(claims) or claims.get("nonce") != nonce or not _is_in_time(claims, at):
            raise _refused()
        if not isinstance(claims.get("sub"), str) or not 0 < len(claims["sub"]) <= 255:
            raise _refused()
        return claims

    def _verified(self, token: str) -> dict[str, Any]:
        for again in (False, True):
            keys = self._usable(self._keys(again))
            try:
                # A header's jku, x5u and jwk are never followed: the key comes from the configured provider's set.
                found = jws.deserialize_compact(token, KeySet.import_key_set({"keys": keys}), [self._algorithm])
                claims = strict_json.read(found.payload or b"")
            except (JoseError, ValueError, KeyError, TypeError):
                continue
            if isinstance(claims, dict):
                return claims
        raise _refused()

    @staticmethod
    def _usable(found: Mapping[str, Any]) -> list[dict[str, Any]]:
        keys = found.get("keys")
        return [key for key in keys if isinstance(key, dict) and key.get("kty") in ("EC", "RSA", "OKP")
                and key.get("use", "sig") == "sig"][:20] if isinstance(keys, list) else []

    def _is_for_us(self, claims: Mapping[str, Any]) -> bool:
        audience = claims.get("aud")
        if isinstance(audience, str):
            audience = [audience]
        if claims.get("iss") != self._issuer or not isinstance(audience, list) or self._client_id not in audience:
            return False
        party = claims.get("azp")
        return party == self._client_id if party is not None or len(audience) > 1 else True


def _is_in_time(claims: Mapping[str, Any], at: datetime) -> bool:
    ends, issued = claims.get("exp"), claims.get("iat")
    if not isinstance(ends, int) or not isinstance(issued, int):
        return False
    now, leeway = at.timestamp(), LEEWAY.total_seconds()
    return now < ends + leeway and issued <= now + leeway


def authenticated_at(claims: Mapping[str, Any]) -> datetime:
    """When the person has signed in at the provider; when the token was issued, where it does not say."""
    said = claims.get("auth_time", claims["iat"])
    return datetime.fromtimestamp(int(said if isinstance(said, int) else claims["iat"]), UTC)


def _refused() -> UpstreamRefused:
    return UpstreamRefused(Bilingual(
        "the provider's ID token is not valid", "该渠道的身份令牌无效"), details={"reason": "token-invalid"})
