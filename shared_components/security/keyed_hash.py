"""Keyed hashes (HMAC-SHA256) that name the version of their key, so that old ones stay checkable after a key change."""
from __future__ import annotations

import base64
import hashlib
import hmac

from shared_components.security.keys import KeyRing

VERSION_BYTES = 4


class KeyedHash:
    """Hashes for one purpose.

    A hash has 36 bytes: the master key's version (4, big-endian) and the HMAC (32).
    """

    def __init__(self, ring: KeyRing, purpose: str) -> None:
        self._ring, self._purpose = ring, f"keyed-hash/{purpose}"

    def of(self, data: bytes) -> bytes:
        """The hash under the current key."""
        return self._hash(data, self._ring.current)

    def matches(self, given: bytes, data: bytes) -> bool:
        """Tell whether `given` is the hash of the data under the key version it names; False for an unknown version."""
        version = int.from_bytes(given[:VERSION_BYTES], "big")
        return version in self._ring and hmac.compare_digest(given, self._hash(data, version))

    def text_of(self, data: bytes) -> str:
        """The hash as 48 characters of base64."""
        return base64.b64encode(self.of(data)).decode()

    def matches_text(self, given: str, data: bytes) -> bool:
        """As matches, for a hash that text_of gave; False for text of another form."""
        try:
            return self.matches(base64.b64decode(given, validate=True), data)
        except ValueError:
            return False

    def _hash(self, data: bytes, version: int) -> bytes:
        key = self._ring.derive(self._purpose, version)
        return version.to_bytes(VERSION_BYTES, "big") + hmac.digest(key, data, hashlib.sha256)
