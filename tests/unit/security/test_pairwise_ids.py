"""Pairwise ids: stable, of one sector, and readable with the key alone."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_components.kernel.ids import new_id
from shared_components.security import Secrets
from shared_components.security.errors import KeyConfigurationError
from shared_components.security.keys import KeyRing, format_key
from shared_components.security.pairwise_ids import MAX_PAIRWISE_LENGTH, PREFIX, PairwiseIds

ONE, TWO = b"1" * 32, b"2" * 32
SUBJECT = "sub_019aa2b3c4d5e6f708192a3b4c5d6e7f"
OLD_TEXT = st.text(st.characters(min_codepoint=33, max_codepoint=0x4FFF, exclude_categories=["Cs"]), min_size=1,
                   max_size=64)
SECTOR = st.text(min_size=1, max_size=20, alphabet="abcdefghijklmnopqrstuvwxyz0123456789_-/")


@pytest.fixture
def ids() -> PairwiseIds:
    return PairwiseIds(KeyRing({1: ONE}))


@given(st.one_of(st.builds(new_id, st.just("sub")), OLD_TEXT), SECTOR, SECTOR)
def test_an_id_is_read_by_its_own_sector_alone(subject: str, sector: str, other: str) -> None:
    ids = PairwiseIds(KeyRing({1: ONE}))
    pairwise = ids.to_sector(subject, sector)
    assert ids.from_sector(pairwise, sector) == subject
    assert pairwise == PairwiseIds(KeyRing({1: ONE})).to_sector(subject, sector)
    if other != sector:
        assert ids.from_sector(pairwise, other) is None
        assert ids.to_sector(subject, other) != pairwise


@given(st.text(max_size=80))
def test_any_other_text_names_nobody(text: str) -> None:
    ids = PairwiseIds(KeyRing({1: ONE}))
    assert ids.from_sector(text, "tax") is None
    assert ids.from_sector(PREFIX + text, "tax") is None


def test_each_changed_sign_makes_an_id_of_nobody(ids: PairwiseIds) -> None:
    pairwise = ids.to_sector(SUBJECT, "tax")
    for place in range(len(pairwise)):
        for sign in "Aa0_-=+/ ":
            changed = pairwise[:place] + sign + pairwise[place + 1:]
            assert changed == pairwise or ids.from_sector(changed, "tax") is None


def test_an_id_has_one_spelling(ids: PairwiseIds) -> None:
    for subject in (SUBJECT, "old-1", "old-12", "old text of more signs"):
        pairwise = ids.to_sector(subject, "tax")
        for other in (pairwise + "=", pairwise + "A", pairwise + "==", pairwise.upper(), f" {pairwise}", pairwise[:-1]):
            assert ids.from_sector(other, "tax") is None


def test_a_real_id_names_nobody(ids: PairwiseIds) -> None:
    assert ids.from_sector(SUBJECT, "tax") is None


def test_an_id_has_the_length_that_fields_take(ids: PairwiseIds) -> None:
    assert len(ids.to_sector(SUBJECT, "tax")) == 49
    assert len(ids.to_sector("法" * 64, "tax")) <= MAX_PAIRWISE_LENGTH


def test_a_new_master_key_changes_no_id() -> None:
    before, after = PairwiseIds(KeyRing({1: ONE})), PairwiseIds(KeyRing({1: ONE, 2: TWO}))
    assert after.to_sector(SUBJECT, "tax") == before.to_sector(SUBJECT, "tax")


def test_ids_of_a_former_key_version_are_read_while_the_ring_has_it() -> None:
    old = PairwiseIds(KeyRing({1: ONE})).to_sector(SUBJECT, "tax")
    assert PairwiseIds(KeyRing({1: ONE, 2: TWO}), 2).from_sector(old, "tax") == SUBJECT
    assert PairwiseIds(KeyRing({2: TWO}), 2).from_sector(old, "tax") is None


def test_where_they_are_off_ids_stay_as_they_are() -> None:
    ids = PairwiseIds(KeyRing({2: TWO}), enabled=False)
    assert ids.to_sector(SUBJECT, "tax") == ids.from_sector(SUBJECT, "tax") == SUBJECT


@pytest.mark.parametrize("version", [2, 256])
def test_a_key_version_that_the_ring_lacks_or_an_id_cannot_name_is_refused(version: int) -> None:
    with pytest.raises(KeyConfigurationError, match=r"security\.pairwise_key_version is"):
        PairwiseIds(KeyRing({1: ONE, 256: TWO}), version)


def test_the_configuration_says_whether_they_are_on() -> None:
    key = {"master_key": format_key(1, ONE)}
    assert not Secrets.from_configuration(key, "production").pairwise_ids.enabled
    on = Secrets.from_configuration({**key, "pairwise_ids": True}, "production").pairwise_ids
    assert on.to_sector(SUBJECT, "tax") == PairwiseIds(KeyRing({1: ONE})).to_sector(SUBJECT, "tax")
    with pytest.raises(KeyConfigurationError, match="pairwise_key_version"):
        Secrets.from_configuration({**key, "pairwise_ids": True, "pairwise_key_version": 2}, "production")
