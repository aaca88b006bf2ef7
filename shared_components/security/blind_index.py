"""Finding an encrypted value without decrypting: a keyed hash, with a key for each tenant.

Identity numbers have so little entropy that an unkeyed hash is found by trying them all.
"""
from __future__ import annotations

import hmac

from shared_components.security.errors import KeyConfigurationError
from shared_components.security.keys import KeyRing


class BlindIndex:
    """`index(tenant, kind, value)`: 64 hex digits; equal for equal input, telling nothing without the key.

    key_version: it does not follow the master key's rotation, since uniqueness rests on a hash that stays the same;
    to turn it over, every stored hash is made anew.
    """

    def __init__(self, ring: KeyRing, key_version: int = 1) -> None:
        if key_version not in ring:
            raise KeyConfigurationError(
                "security.blind_index_key_version", f"is {key_version}", f"a version in the key ring: {ring.versions}"
            )
        self._ring = ring
        self._version = key_version

    def __call__(self, tenant: str, kind: str, value: str) -> str:
        """kind: what the value is (`id:111`), so that equal values of two kinds differ.

        The caller brings the value into its one spelling first.
        """
        key = self._ring.derive(f"blind-index/{tenant}", self._version)
        # A length before the kind: ("a", "bc") and ("ab", "c") must not meet.
        message = len(kind.encode()).to_bytes(4, "big") + kind.encode() + value.encode()
        return hmac.digest(key, message, "sha256").hex()
