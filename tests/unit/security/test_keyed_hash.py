"""Keyed hashes are HMAC-SHA256, computed from states that are kept."""
from __future__ import annotations

import hashlib
import hmac

from hypothesis import given
from hypothesis import strategies as st

from shared_components.security.keyed_hash import KeyedHash
from shared_components.security.keys import KeyRing

KEYS = {1: b"a" * 32, 2: b"b" * 32}


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=5))
def test_each_hash_is_hmac_sha256_under_the_newest_key(texts: list[bytes]) -> None:
    ring = KeyRing(KEYS)
    keyed = KeyedHash(ring, "test")
    for data in texts:
        expected = hmac.digest(ring.derive("keyed-hash/test", 2), data, hashlib.sha256)
        assert keyed.of(data) == (2).to_bytes(4, "big") + expected
        assert keyed.matches(keyed.of(data), data)
        assert KeyedHash(KeyRing({1: KEYS[1]}), "test").of(data) != keyed.of(data)


def test_a_hash_of_an_older_key_is_still_known() -> None:
    old = KeyedHash(KeyRing({1: KEYS[1]}), "test").of(b"request")
    assert KeyedHash(KeyRing(KEYS), "test").matches(old, b"request")
    assert not KeyedHash(KeyRing(KEYS), "test").matches(old, b"another")
