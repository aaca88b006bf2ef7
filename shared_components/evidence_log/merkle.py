"""Merkle trees, and their inclusion and consistency proofs. Source: RFC 6962, section 2.1; RFC 9162, section 2.1."""
from __future__ import annotations

import hashlib
from collections.abc import Sequence

LEAF, NODE = b"\x00", b"\x01"
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(LEAF + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(NODE + left + right).digest()


class Frontier:
    """The roots of a tree's complete subtrees, largest first: enough to append leaves and to give the root.

    size: number of leaves. The number of hashes is the number of ones in the binary form of size.
    """

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        if len(hashes) != size.bit_count():
            raise ValueError(f"frontier of {size} leaves has {len(hashes)} hashes; {size.bit_count()} are allowed")
        self.size = size
        self.hashes = list(hashes)

    def append(self, leaf: bytes) -> None:
        """leaf: the hash of a leaf."""
        whole, size = leaf, self.size
        while size & 1:
            whole = node_hash(self.hashes.pop(), whole)
            size >>= 1
        self.hashes.append(whole)
        self.size += 1

    def root(self) -> bytes:
        if not self.hashes:
            return EMPTY_ROOT
        whole = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            whole = node_hash(left, whole)
        return whole


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root of a tree. leaves: hashes of leaves, in order."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def inclusion_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes that lead from leaf `index` (from 0) to the root, lowest first."""
    if not 0 <= index < len(leaves):
        raise ValueError(f"leaf index is {index}; 0 to {len(leaves) - 1} are allowed")
    path: list[bytes] = []
    while len(leaves) > 1:
        split = _split(len(leaves))
        if index < split:
            path.append(root_of(leaves[split:]))
            leaves = leaves[:split]
        else:
            path.append(root_of(leaves[:split]))
            leaves, index = leaves[split:], index - split
    return path[::-1]


def consistency_path(leaves: Sequence[bytes], old_size: int) -> list[bytes]:
    """The hashes that prove that the tree of the first `old_size` leaves is the beginning of this one."""
    if not 1 <= old_size <= len(leaves):
        raise ValueError(f"old size is {old_size}; 1 to {len(leaves)} are allowed")
    path: list[bytes] = []
    known = True
    while old_size != len(leaves):
        split = _split(len(leaves))
        if old_size <= split:
            path.append(root_of(leaves[split:]))
            leaves = leaves[:split]
        else:
            path.append(root_of(leaves[:split]))
            leaves, old_size, known = leaves[split:], old_size - split, False
    if not known:
        path.append(root_of(leaves))
    return path[::-1]


def proves_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Tell whether the path leads from this leaf hash at `index` to the root of a tree of `size` leaves."""
    if not 0 <= index < size:
        return False
    here, last, whole = index, size - 1, leaf
    for other in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            whole = node_hash(other, whole)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            whole = node_hash(whole, other)
        here, last = here >> 1, last >> 1
    return last == 0 and whole == root


def proves_consistency(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, path: Sequence[bytes],
) -> bool:
    """Tell whether the path proves that the old tree is the beginning of the new one."""
    if not 1 <= old_size <= new_size:
        return False
    if old_size == new_size:
        return not path and old_root == new_root
    hashes = [old_root, *path] if old_size.bit_count() == 1 else list(path)
    if not hashes:
        return False
    here, last = old_size - 1, new_size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    old = new = hashes[0]
    for other in hashes[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            old, new = node_hash(other, old), node_hash(other, new)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            new = node_hash(new, other)
        here, last = here >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root


def _split(size: int) -> int:
    """The largest power of two below size."""
    return 1 << ((size - 1).bit_length() - 1)
