"""Pairwise ids (OpenID Connect's term): each department's apps know a subject by an id that no other department knows.

An id is the real one under AES-SIV: equal for equal input, readable with the key alone, no table and no look-up.
Source: docs/adr/080-pairwise-ids.md, RFC 5297
"""
from __future__ import annotations

import base64
import binascii
import re
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from shared_components.security.errors import KeyConfigurationError
from shared_components.security.keys import KeyRing

PREFIX = "psub_"
HIGHEST_VERSION = 255
"""The key's version is the id's first byte."""
_MADE_BY_US = re.compile(r"sub_[0-9a-f]{32}")
_UUID_BYTES = 16
_TAG_BYTES = 16
MAX_PAIRWISE_LENGTH = 512
"""Longer texts are not looked at."""


class PairwiseIds:
    """Ids of subjects for a sector: the tenant id by which an app calls, so sandbox and production differ.

    key_version: it does not follow the master key's rotation, so ids stay as they are. Ids of other versions in the
    ring are read as well.
    enabled: False: every sector knows the real ids; nothing is changed in either direction.
    """

    def __init__(self, ring: KeyRing, key_version: int = 1, *, enabled: bool = True) -> None:
        if enabled and (key_version not in ring or key_version > HIGHEST_VERSION):
            raise KeyConfigurationError(
                "security.pairwise_key_version", f"is {key_version}",
                f"a version in the key ring, {HIGHEST_VERSION} at most: {ring.versions}")
        self._ring, self._version, self.enabled = ring, key_version, enabled
        self._cipher = lru_cache(maxsize=4096)(self._cipher_of)

    def to_sector(self, subject_id: str, sector: str) -> str:
        """The id by which the sector knows the subject: `psub_` and 44 signs of base64url, more for an old text."""
        if not self.enabled:
            return subject_id
        sealed = self._cipher(sector, self._version).encrypt(_packed(subject_id), None)
        return PREFIX + base64.urlsafe_b64encode(bytes((self._version,)) + sealed).rstrip(b"=").decode()

    def from_sector(self, pairwise_id: str, sector: str) -> str | None:
        """The real id. None for everything that to_sector did not give this sector: a real id as well."""
        if not self.enabled:
            return pairwise_id
        data = _decoded(pairwise_id)
        if data is None or data[0] not in self._ring:
            return None
        try:
            packed = self._cipher(sector, data[0]).decrypt(data[1:], None)
        except InvalidTag:
            return None
        return _unpacked(packed)

    def _cipher_of(self, sector: str, version: int) -> AESSIV:
        # Two derived keys: AES-SIV authenticates with the one half and encrypts with the other.
        halves = (self._ring.derive(f"pairwise-ids/{half}/{sector}", version) for half in ("mac", "encryption"))
        return AESSIV(b"".join(halves))


def _packed(subject_id: str) -> bytes:
    """16 bytes for an id as we make them. Else the text, as apps could once state one; never 16 bytes long."""
    if _MADE_BY_US.fullmatch(subject_id):
        return bytes.fromhex(subject_id[4:])
    return subject_id.encode().ljust(_UUID_BYTES + 1, b"\0")


def _unpacked(packed: bytes) -> str:
    if len(packed) == _UUID_BYTES:
        return f"sub_{packed.hex()}"
    return packed.rstrip(b"\0").decode()


def _decoded(pairwise_id: str) -> bytes | None:
    """The bytes of an id in its one spelling, or None."""
    text = pairwise_id.removeprefix(PREFIX)
    if text == pairwise_id or len(pairwise_id) > MAX_PAIRWISE_LENGTH:
        return None
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return None
    # 17 = version and tag: an id of no bytes is none. The last sign's spare bits would give an id several spellings.
    one_spelling = base64.urlsafe_b64encode(data).rstrip(b"=").decode() == text
    return data if len(data) > 1 + _TAG_BYTES and one_spelling else None
