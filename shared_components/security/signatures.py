"""Ed25519 signatures with keys that are derived from the key ring: one key a purpose and version of the master key."""
from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared_components.security.keys import KeyRing

PublicKeys = Mapping[str, bytes]
"""Key id → raw Ed25519 public key, 32 bytes."""


class Signer:
    """Signs with the key that is current when this is made. A key's id is `<purpose>/<version of the master key>`.

    It does not follow the ring: `key_id` is told beside a signature, and both are to be of one key.
    """

    def __init__(self, ring: KeyRing, purpose: str) -> None:
        self._ring, self._purpose, self._version = ring, purpose, ring.current

    @property
    def key_id(self) -> str:
        return self._id(self._version)

    def sign(self, data: bytes) -> bytes:
        """The signature by the key `key_id`, 64 bytes."""
        return self._current.sign(data)

    def public_keys(self) -> dict[str, bytes]:
        """The public keys of all versions in the ring."""
        return {self._id(version): self._key(version).public_key().public_bytes_raw()
                for version in self._ring.versions}

    @cached_property
    def _current(self) -> Ed25519PrivateKey:
        return self._key(self._version)

    def _key(self, version: int) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self._ring.derive(f"signature/{self._purpose}", version))

    def _id(self, version: int) -> str:
        return f"{self._purpose}/{version}"


def is_signed(data: bytes, signature: bytes, public_key: bytes) -> bool:
    """Tell whether the signature of the data is by this raw Ed25519 public key."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True
