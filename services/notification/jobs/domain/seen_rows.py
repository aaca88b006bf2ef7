"""Find rows that are there twice, in 24 bytes a row at most: hashes in an open table, without an object for each."""
from __future__ import annotations

import hashlib
from array import array
from collections.abc import Sequence

SMALLEST = 1 << 12


class SeenRows:
    """Hashes of 64 bits: of a million different rows two have the same one once in 37 million files."""

    def __init__(self) -> None:
        self._hashes, self._count = array("Q", bytes(8 * SMALLEST)), 0

    def is_new(self, cells: Sequence[str]) -> bool:
        """Whether no row with the same cells was seen before; it is from now on."""
        written = "\x1f".join(cells).encode("utf-8", "surrogatepass")
        hashed = int.from_bytes(hashlib.blake2b(written, digest_size=8).digest(), "big") or 1
        if self._count * 2 >= len(self._hashes):
            self._grow()
        place = _place(self._hashes, hashed)
        if self._hashes[place]:
            return False
        self._hashes[place] = hashed
        self._count += 1
        return True

    def _grow(self) -> None:
        larger = array("Q", bytes(16 * len(self._hashes)))
        for hashed in self._hashes:
            if hashed:
                larger[_place(larger, hashed)] = hashed
        self._hashes = larger


def _place(hashes: array[int], hashed: int) -> int:
    """Where the hash is, or the free place where it belongs."""
    mask = len(hashes) - 1
    place = hashed & mask
    while hashes[place] and hashes[place] != hashed:
        place = (place + 1) & mask
    return place
