"""Promises of every store of materials (fixture `store`: an empty store)."""
from __future__ import annotations

from threading import Thread

import pytest

from shared_components.material_store import MaterialExists, MaterialMissing, MaterialStore

WRONG_IDS = ["../etc/passwd", "", "mat/1", "MAT_1", "x" * 65]
LARGE = [bytes([number]) * 65_536 for number in range(40)]


def put(store: MaterialStore, material_id: str, *pieces: bytes) -> None:
    with store.writing(material_id) as writer:
        for piece in pieces:
            writer.write(piece)


def content(store: MaterialStore, material_id: str) -> bytes:
    return b"".join(store.read(material_id))


class MaterialStoreSuite:
    """Contents are opaque here: whoever writes them has encrypted them."""

    def test_a_content_is_read_as_it_was_written(self, store: MaterialStore) -> None:
        put(store, "mat_1", b"one", b"", b"two")
        put(store, "mat_2", *LARGE)
        assert content(store, "mat_1") == b"onetwo"
        assert content(store, "mat_2") == b"".join(LARGE)
        assert content(store, "mat_1") == b"onetwo", "reading takes nothing away"

    def test_a_content_of_a_block_that_raised_is_not_there(self, store: MaterialStore) -> None:
        with pytest.raises(RuntimeError), store.writing("mat_1") as writer:
            writer.write(b"half")
            raise RuntimeError
        with pytest.raises(MaterialMissing):
            store.read("mat_1")
        put(store, "mat_1", b"whole")
        assert content(store, "mat_1") == b"whole"

    def test_nobody_reads_a_content_before_it_is_whole(self, store: MaterialStore) -> None:
        with store.writing("mat_1") as writer:
            writer.write(b"half")
            with pytest.raises(MaterialMissing):
                store.read("mat_1")
            writer.write(b"whole")
        assert content(store, "mat_1") == b"halfwhole"

    def test_a_content_is_never_replaced_and_of_two_writers_the_first_whole_one_stays(
        self, store: MaterialStore,
    ) -> None:
        with pytest.raises(MaterialExists), store.writing("mat_1") as late:
            late.write(b"late")
            put(store, "mat_1", b"first")
        assert content(store, "mat_1") == b"first"
        with pytest.raises(MaterialExists):
            put(store, "mat_1", b"again")
        assert content(store, "mat_1") == b"first"

    def test_writers_of_several_threads_do_not_mix(self, store: MaterialStore) -> None:
        threads = [Thread(target=put, args=(store, f"mat_{number}", *[b"%d" % number] * 500)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert [content(store, f"mat_{number}") for number in range(8)] == [b"%d" % one * 500 for one in range(8)]

    def test_what_is_removed_is_missing_and_removing_again_does_nothing(self, store: MaterialStore) -> None:
        put(store, "mat_1", b"one")
        put(store, "mat_2", b"two")
        store.remove("mat_1")
        store.remove("mat_1")
        with pytest.raises(MaterialMissing):
            store.read("mat_1")
        assert content(store, "mat_2") == b"two"

    def test_dropping_what_is_unfinished_leaves_what_is_whole_and_what_is_being_written(
        self, store: MaterialStore,
    ) -> None:
        put(store, "mat_1", b"one")
        with store.writing("mat_2") as writer:
            writer.write(b"two")
            assert store.drop_unfinished(1_000_000_000) == 0
        assert (content(store, "mat_1"), content(store, "mat_2")) == (b"one", b"two")

    @pytest.mark.parametrize("wrong", WRONG_IDS)
    def test_an_id_is_no_path(self, store: MaterialStore, wrong: str) -> None:
        with pytest.raises(MaterialMissing):
            store.read(wrong)
