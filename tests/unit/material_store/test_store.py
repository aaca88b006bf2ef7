"""Contents in pieces: what was written is read, and nothing that was changed, cut or mixed up."""
from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared_components.material_store import (
    PIECE_BYTES,
    FolderStore,
    Sealer,
    media_type_of,
    opened,
)
from shared_components.security.errors import Undecryptable
from shared_components.testing.ports.materials import MaterialStoreSuite, put

KEY = bytes(range(32))


def sealed(content: bytes, cuts: list[int] | None = None) -> bytes:
    sealer = Sealer(KEY, "mat_1")
    places = [0, *sorted(cuts or []), len(content)]
    parts = [content[first:last] for first, last in pairwise(places)]
    return b"".join(map(sealer.seal, parts)) + sealer.finish()


@settings(deadline=None, max_examples=30)
@given(
    size=st.sampled_from([0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES]),
    cuts=st.lists(st.integers(0, 3 * PIECE_BYTES), max_size=5), step=st.integers(1, 100_000))
def test_a_content_is_read_as_it_was_written_however_it_was_cut(size: int, cuts: list[int], step: int) -> None:
    content = os.urandom(size)
    stored = sealed(content, [min(cut, size) for cut in cuts])
    parts = [stored[place:place + step] for place in range(0, len(stored), step)]
    assert b"".join(opened(KEY, "mat_1", parts)) == content


@pytest.mark.parametrize("change", [
    lambda stored: stored[:-1], lambda stored: stored[:-200], lambda stored: stored[:PIECE_BYTES + 36],
    lambda stored: bytes([stored[0] ^ 1]) + stored[1:], lambda stored: stored[:100] + b"x" + stored[101:],
    lambda stored: stored + stored[16:], lambda stored: b"",
])
def test_a_content_that_was_changed_or_cut_is_not_read(change: object) -> None:
    stored = sealed(os.urandom(PIECE_BYTES + 500))
    with pytest.raises(Undecryptable):
        list(opened(KEY, "mat_1", [change(stored)]))  # type: ignore[operator]


def test_a_content_is_bound_to_its_id_and_no_two_uploads_are_encrypted_alike() -> None:
    first, second = sealed(b"secret"), sealed(b"secret")
    assert first != second
    with pytest.raises(Undecryptable):
        list(opened(KEY, "mat_2", [first]))


def test_a_folder_keeps_a_content_as_one_file_that_others_cannot_read(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "materials")
    put(store, "mat_1", b"one")
    with pytest.raises(RuntimeError), store.writing("mat_2"):
        raise RuntimeError
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.name for path in files] == ["mat_1"]
    assert files[0].stat().st_mode & 0o077 == 0


class TestFolderStore(MaterialStoreSuite):
    @pytest.fixture
    def store(self, tmp_path: Path) -> FolderStore:
        return FolderStore(tmp_path / "materials")


def test_what_killed_processes_left_is_dropped_and_what_is_being_written_is_not(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    with store.writing("mat_1") as writer:
        writer.write(b"one")
        (file,) = (tmp_path / "unfinished").iterdir()
        assert store.drop_unfinished(file.stat().st_mtime) == 0
        (tmp_path / "unfinished" / "mat_2.1-0").write_bytes(b"half")
        os.utime(tmp_path / "unfinished" / "mat_2.1-0", (1000, 1000))
        assert store.drop_unfinished(1001) == 1
    assert b"".join(store.read("mat_1")) == b"one"


@pytest.mark.parametrize(("head", "media_type"), [
    (b"%PDF-1.7", "application/pdf"), (b"\xff\xd8\xff\xe0", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"PK\x03\x04" + bytes(26) + b"OFD.xml", "application/ofd"), (b"PK\x03\x04", None), (b"<html>", None), (b"", None),
    (b"MZ\x90", None),
])
def test_a_type_is_told_by_the_content(head: bytes, media_type: str | None) -> None:
    assert media_type_of(head) == media_type
