"""Codes with which licences are shown: made at random, kept as a keyed hash."""
from __future__ import annotations

import hashlib
import hmac
import secrets as randomness

from shared_components.security import Secrets

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 characters that are not taken for one another when read aloud or by eye (no 0 O 1 I)."""

_LENGTH = 24
_PURPOSE = "elicence/presentation-code"


class KeyedPresentationCodes:
    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    def new(self) -> str:
        """120 random bits: the first 40 find the presentation, the other 80 prove it."""
        return "".join([_ALPHABET[byte & 31] for byte in randomness.token_bytes(_LENGTH)])

    def digest(self, tenant: str, code: str) -> bytes:
        message = f"{tenant}\n{code}".encode()
        return hmac.digest(self._secrets.derive(_PURPOSE), message, hashlib.sha256)
