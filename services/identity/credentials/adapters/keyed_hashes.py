"""Keyed hashes of codes and tokens, and the one-time code of a challenge."""
from __future__ import annotations

import hmac

from shared_components.security import Secrets

_PURPOSE = "credentials"


class SecretHashes:
    """Satisfies KeyedHashes, by the service's key ring."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    def of(self, purpose: str, text: str) -> str:
        return self._secrets.keyed_hash(f"{_PURPOSE}/{purpose}").text_of(text.encode())

    def matches(self, purpose: str, given: str, text: str) -> bool:
        return self._secrets.keyed_hash(f"{_PURPOSE}/{purpose}").matches_text(given, text.encode())

    def code(self, challenge_id: str, digits: int) -> str:
        digest = hmac.digest(self._secrets.derive("sign-in-code"), challenge_id.encode(), "sha256")
        return f"{int.from_bytes(digest, 'big') % 10**digits:0{digits}}"
