from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_components.security import KeyConfigurationError, Secrets, Undecryptable
from shared_components.security.blind_index import BlindIndex
from shared_components.security.fields import FieldCipher
from shared_components.security.keys import KeyRing

OLD, NEW = b"o" * 32, b"n" * 32
CIPHER = FieldCipher(KeyRing({1: OLD}))
NUMBER = "33010619850615002X"


@given(text=st.text(), aad=st.text(max_size=40))
def test_what_is_encrypted_decrypts(text: str, aad: str) -> None:
    assert CIPHER.decrypt(CIPHER.encrypt(text, aad=aad), aad=aad) == text


def test_equal_texts_have_different_ciphertexts_that_do_not_show_them() -> None:
    one, two = CIPHER.encrypt(NUMBER, aad="a"), CIPHER.encrypt(NUMBER, aad="a")
    assert one != two and NUMBER.encode() not in one


def test_a_ciphertext_moved_to_another_record_does_not_decrypt() -> None:
    data = CIPHER.encrypt(NUMBER, aad="sub_1/id_number")
    with pytest.raises(Undecryptable):
        CIPHER.decrypt(data, aad="sub_2/id_number")


def test_every_changed_byte_is_noticed() -> None:
    data = CIPHER.encrypt("x", aad="a")
    for place in range(len(data)):
        changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        with pytest.raises(Undecryptable):
            CIPHER.decrypt(changed, aad="a")


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_with_one_typed_error(data: bytes) -> None:
    with pytest.raises(Undecryptable):
        CIPHER.decrypt(data, aad="a")


def test_the_key_version_travels_in_the_ciphertext_through_a_rotation() -> None:
    data = CIPHER.encrypt("旧", aad="a")
    rotated = FieldCipher(KeyRing({1: OLD, 2: NEW}))
    assert (rotated.key_version(data), rotated.decrypt(data, aad="a")) == (1, "旧")
    moved = rotated.rewrap(data, aad="a")
    assert rotated.key_version(moved) == 2 and rotated.rewrap(moved, aad="a") == moved
    assert FieldCipher(KeyRing({2: NEW})).decrypt(moved, aad="a") == "旧"
    with pytest.raises(Undecryptable, match="key version 1 is not in the ring"):
        FieldCipher(KeyRing({2: NEW})).decrypt(data, aad="a")


def test_an_error_shows_neither_text_nor_aad() -> None:
    with pytest.raises(Undecryptable) as caught:
        CIPHER.decrypt(CIPHER.encrypt(NUMBER, aad="sub_1"), aad="sub_2")
    assert NUMBER not in str(caught.value) and caught.value.__cause__ is None


def test_blind_index_is_stable_and_kept_apart_by_tenant_and_kind() -> None:
    index = BlindIndex(KeyRing({1: OLD}))
    assert index("t1", "id:111", NUMBER) == BlindIndex(KeyRing({1: OLD, 2: NEW}))("t1", "id:111", NUMBER)
    assert len({
        index("t1", "id:111", NUMBER), index("t2", "id:111", NUMBER), index("t1", "id:11", "1" + NUMBER),
        BlindIndex(KeyRing({1: NEW}))("t1", "id:111", NUMBER),
    }) == 4


def test_blind_index_without_its_key_version_is_a_configuration_error() -> None:
    with pytest.raises(KeyConfigurationError, match="blind_index_key_version is 1"):
        Secrets(KeyRing({2: NEW}))
