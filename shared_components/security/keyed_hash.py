"""Keyed hashes (HMAC-SHA256) that name the version of their key, so that old ones stay checkable after a key change."""
from __future__ import annotations

import base64
import hashlib
import hmac
from functools import lru_cache
from typing import Any

from shared_components.security.keys import KeyRing

VERSION_BYTES = 4
_BLOCK_BYTES = 64


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
        inner, outer = _begun(self._ring.derive(self._purpose, version))
        inner, outer = inner.copy(), outer.copy()
        inner.update(data)
        outer.update(inner.digest())
        digest: bytes = outer.digest()
        return version.to_bytes(VERSION_BYTES, "big") + digest


@lru_cache(maxsize=256)
def _begun(key: bytes) -> tuple[Any, Any]:
    """The two hashes of RFC 2104, each with its block of the key: `hmac.digest` takes three times as long.

    key: of at most 64 bytes.
    """
    block = key.ljust(_BLOCK_BYTES, b"\0")
    inner, outer = (hashlib.sha256(bytes(byte ^ pad for byte in block)) for pad in (0x36, 0x5C))
    return inner, outer
