"""Encryption of a content in pieces: AES-256-GCM, each piece bound to its number and to whether it is the last.

    salt 16, then for each piece: number of bytes, 4 | ciphertext and tag

Pieces are encrypted with the HMAC of the salt under the content's key: an upload that is tried again uses another key.
The nonce is the piece's number. A piece that is missing, moved or cut off does not open.
"""
from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterable, Iterator
from itertools import chain

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared_components.security.errors import Undecryptable

KEY_BYTES = 32
PIECE_BYTES = 64 * 1024
TAG, SALT = 16, 16


class Sealer:
    """Seals the pieces of one content. key: 32 random bytes."""

    def __init__(self, key: bytes, material_id: str) -> None:
        self._head = os.urandom(SALT)
        self._cipher, self._id, self._number = _cipher(key, self._head), material_id, 0
        self._kept = bytearray()

    def seal(self, part: bytes) -> bytes:
        """Give the pieces that are full; the rest is kept."""
        self._kept += part
        sealed, self._head = self._head, b""
        # One piece is always kept back: only at the end it is known to be the last.
        while len(self._kept) > PIECE_BYTES:
            sealed += self._piece(bytes(self._kept[:PIECE_BYTES]), last=False)
            del self._kept[:PIECE_BYTES]
        return sealed

    def finish(self) -> bytes:
        """Give the last piece."""
        return self._head + self._piece(bytes(self._kept), last=True)

    def _piece(self, content: bytes, *, last: bool) -> bytes:
        sealed = self._cipher.encrypt(_nonce(self._number), content, _bound(self._id, self._number, last))
        self._number += 1
        return len(sealed).to_bytes(4, "big") + sealed


def opened(key: bytes, material_id: str, parts: Iterable[bytes]) -> Iterator[bytes]:
    """Give the content, piece by piece. Raises Undecryptable for one that is not the next, and for a missing end."""
    kept, rest = bytearray(), iter(parts)
    while len(kept) < SALT:
        part = next(rest, None)
        if part is None:
            raise Undecryptable
        kept += part
    cipher, number = _cipher(key, bytes(kept[:SALT])), 0
    waiting: bytes | None = None
    for piece in _split(chain([bytes(kept[SALT:])], rest)):
        if waiting is not None:
            yield _open(cipher, material_id, number, waiting, last=False)
            number += 1
        waiting = piece
    if waiting is None:
        raise Undecryptable
    yield _open(cipher, material_id, number, waiting, last=True)


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(hmac.digest(key, salt, hashlib.sha256))


def _open(cipher: AESGCM, material_id: str, number: int, piece: bytes, *, last: bool) -> bytes:
    try:
        return cipher.decrypt(_nonce(number), piece, _bound(material_id, number, last))
    except InvalidTag:
        raise Undecryptable from None


def _split(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Give sealed pieces, however they were cut on their way."""
    kept = bytearray()
    for part in parts:
        kept += part
        while len(kept) >= 4 and len(kept) >= 4 + (size := _size(kept)):
            yield bytes(kept[4:4 + size])
            del kept[:4 + size]
    if kept:
        raise Undecryptable


def _size(head: bytearray) -> int:
    size = int.from_bytes(head[:4], "big")
    if not TAG <= size <= PIECE_BYTES + TAG:
        raise Undecryptable
    return size


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _bound(material_id: str, number: int, last: bool) -> bytes:
    return f"{material_id}/{number}/{'last' if last else 'more'}".encode()
