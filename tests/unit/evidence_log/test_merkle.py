"""Merkle trees against the vectors of RFC 6962's reference implementation, and against a slow, obvious model."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_components.evidence_log import merkle

LEAVES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 8): ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
             "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
             "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"],
    (5, 8): ["bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
             "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
             "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
}
CONSISTENCY = {
    (1, 8): ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
             "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
             "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"],
    (6, 8): ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
             "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
             "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"],
    (2, 5): ["5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
             "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"],
}

HASHES = [merkle.leaf_hash(leaf) for leaf in LEAVES]
some_leaves = st.lists(st.binary(max_size=8).map(merkle.leaf_hash), min_size=1, max_size=40)


def test_roots_are_those_of_the_rfc() -> None:
    assert merkle.root_of([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert [merkle.root_of(HASHES[:size]).hex() for size in range(1, 9)] == ROOTS


@pytest.mark.parametrize("place", INCLUSION)
def test_inclusion_paths_are_those_of_the_rfc(place: tuple[int, int]) -> None:
    index, size = place
    path = merkle.inclusion_path(HASHES[:size], index)
    assert [one.hex() for one in path] == INCLUSION[place]
    assert merkle.proves_inclusion(HASHES[index], index, size, path, bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize("sizes", CONSISTENCY)
def test_consistency_paths_are_those_of_the_rfc(sizes: tuple[int, int]) -> None:
    old, new = sizes
    path = merkle.consistency_path(HASHES[:new], old)
    assert [one.hex() for one in path] == CONSISTENCY[sizes]
    assert merkle.proves_consistency(old, bytes.fromhex(ROOTS[old - 1]), new, bytes.fromhex(ROOTS[new - 1]), path)


def slow_root(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    split = max(2**power for power in range(7) if 2**power < len(leaves))
    return merkle.node_hash(slow_root(leaves[:split]), slow_root(leaves[split:]))


@given(some_leaves)
def test_a_frontier_gives_the_root_of_the_whole_tree_and_can_be_kept_between_appends(leaves: list[bytes]) -> None:
    frontier = merkle.Frontier()
    for count, leaf in enumerate(leaves, 1):
        frontier = merkle.Frontier(frontier.size, frontier.hashes)
        frontier.append(leaf)
        assert frontier.root() == slow_root(leaves[:count])


@given(some_leaves, st.data())
def test_each_leaf_is_proved_at_its_place_and_nothing_else_is(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    path, root, size = merkle.inclusion_path(leaves, index), merkle.root_of(leaves), len(leaves)
    assert merkle.proves_inclusion(leaves[index], index, size, path, root)
    assert not merkle.proves_inclusion(merkle.leaf_hash(b"another leaf"), index, size, path, root)
    assert not merkle.proves_inclusion(leaves[index], size, size, path, root)
    assert not merkle.proves_inclusion(leaves[index], index, size, [*path, root], root)
    if path:
        assert not merkle.proves_inclusion(leaves[index], index, size, path[:-1], root)


@given(some_leaves, st.data())
def test_an_extended_tree_is_proved_and_a_rewritten_one_is_not(leaves: list[bytes], data: st.DataObject) -> None:
    old = data.draw(st.integers(1, len(leaves)))
    path, old_root, root = merkle.consistency_path(leaves, old), merkle.root_of(leaves[:old]), merkle.root_of(leaves)
    assert merkle.proves_consistency(old, old_root, len(leaves), root, path)
    changed = data.draw(st.integers(0, old - 1))
    rewritten = [*leaves[:changed], merkle.leaf_hash(b"rewritten, longer than eight"), *leaves[changed + 1:]]
    other = merkle.consistency_path(rewritten, old)
    assert not merkle.proves_consistency(old, old_root, len(leaves), merkle.root_of(rewritten), other)
    assert not merkle.proves_consistency(old, old_root, len(leaves), root, [*path, root])
