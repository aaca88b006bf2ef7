"""Encryption of single fields at rest: AES-256-GCM, enveloped.

Each value has a key of its own, which is wrapped by a key derived from the master key. Turning the master key over
means re-wrapping 32 bytes a value (`rewrap`); the value itself is not touched.

    0x01 | key version, 4 bytes | nonce 12 | wrapped data key 48 | nonce 12 | ciphertext and tag
"""
from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared_components.kernel.bilingual import Bilingual
from shared_components.security.errors import Undecryptable
from shared_components.security.keys import KEY_BYTES, KeyRing

FORMAT = b"\x01"
NONCE, TAG = 12, 16
HEAD = 1 + 4
WRAPPED = NONCE + KEY_BYTES + TAG
PURPOSE = "field-encryption"


class FieldCipher:
    """Encrypts text for one record.

    aad: names the record and field, e.g. `sub_…/id_number`; a ciphertext moved to another record does not decrypt.
    """

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring
        self._wrappers: dict[int, AESGCM] = {}

    def encrypt(self, text: str, *, aad: str) -> bytes:
        # Asked for at once: a system call each would be a third of the time.
        fresh = os.urandom(KEY_BYTES + 2 * NONCE)
        data_key, nonce, wrapping_nonce = fresh[:KEY_BYTES], fresh[KEY_BYTES:-NONCE], fresh[-NONCE:]
        bound = aad.encode()
        body = AESGCM(data_key).encrypt(nonce, text.encode(), bound)
        return self._wrap(data_key, bound, wrapping_nonce) + nonce + body

    def decrypt(self, data: bytes, *, aad: str) -> str:
        """Raises Undecryptable when the bytes or the aad are not those of `encrypt`, or the key version is gone."""
        data_key = self._unwrap(data, aad)
        nonce, body = data[HEAD + WRAPPED : HEAD + WRAPPED + NONCE], data[HEAD + WRAPPED + NONCE :]
        try:
            return AESGCM(data_key).decrypt(nonce, body, aad.encode()).decode()
        except InvalidTag:
            raise Undecryptable from None

    def key_version(self, data: bytes) -> int:
        """The master key version a ciphertext needs."""
        if len(data) < HEAD + WRAPPED + NONCE + TAG or data[:1] != FORMAT:
            raise Undecryptable(Bilingual(
                "ciphertext has an unknown format; format 1 is known",
                "密文格式未知；只识别格式 1"))
        return int.from_bytes(data[1:HEAD], "big")

    def rewrap(self, data: bytes, *, aad: str) -> bytes:
        """The same ciphertext under the current master key; unchanged if it is there already."""
        if self.key_version(data) == self._ring.current:
            return data
        return self._wrap(self._unwrap(data, aad), aad.encode(), os.urandom(NONCE)) + data[HEAD + WRAPPED :]

    def _wrap(self, data_key: bytes, aad: bytes, nonce: bytes) -> bytes:
        version = self._ring.current
        head = FORMAT + version.to_bytes(4, "big")
        return head + nonce + self._wrapper(version).encrypt(nonce, data_key, head + aad)

    def _unwrap(self, data: bytes, aad: str) -> bytes:
        version = self.key_version(data)
        if version not in self._ring:
            raise Undecryptable(Bilingual(
                f"key version {version} is not in the ring; it has {self._ring.versions}",
                f"密钥环中没有版本 {version}；现有版本：{self._ring.versions}"))
        head, nonce, wrapped = data[:HEAD], data[HEAD : HEAD + NONCE], data[HEAD + NONCE : HEAD + WRAPPED]
        try:
            return self._wrapper(version).decrypt(nonce, wrapped, head + aad.encode())
        except InvalidTag:
            raise Undecryptable from None

    def _wrapper(self, version: int) -> AESGCM:
        wrapper = self._wrappers.get(version)
        if wrapper is None:
            wrapper = self._wrappers[version] = AESGCM(self._ring.derive(PURPOSE, version))
        return wrapper
