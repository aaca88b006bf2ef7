"""Password hashes: what is stored, renewal, and a full queue."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from services.identity.credentials.adapters.argon2 import Argon2Hasher, Parameters
from services.identity.credentials.domain.errors import HashingBusy
from shared_components.bus import RealThreads, ThreadsBusy
from tests.unit.identity.credentials.world import QUICK, RIGHT, WRONG, World


class FullThreads:
    inside = 34

    def run(self, function: Callable[[], Any]) -> Any:
        raise ThreadsBusy


def test_a_hash_says_its_parameters_and_has_a_salt_of_its_own() -> None:
    hasher = Argon2Hasher(RealThreads(1, waiting=0))
    first, second = hasher.hash(RIGHT), hasher.hash(RIGHT)
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert first != second
    assert hasher.verify(RIGHT, first) and not hasher.verify(WRONG, first)
    assert not hasher.verify(RIGHT, None)
    assert not hasher.verify(RIGHT, "not a hash")


def test_a_password_is_hashed_anew_at_its_next_use_when_parameters_change(world: World) -> None:
    subject_id = world.person()
    world.hasher = Argon2Hasher(RealThreads(1, waiting=1), Parameters(memory_kib=128, passes=1))

    def stored() -> str:
        return str(world.in_tx(lambda tx: tx.credentials.password(subject_id)).secret)

    assert f"m={QUICK.memory_kib}," in stored()
    world.sign_in(world.numbers[subject_id])
    assert "m=128," in stored()
    assert world.sign_in(world.numbers[subject_id]).subject_id == subject_id


def test_a_full_queue_is_told_with_a_time_to_wait_and_costs_no_attempt(world: World) -> None:
    number = world.numbers[world.person()]
    hasher, full = world.hasher, Argon2Hasher(RealThreads(1, waiting=0), QUICK)
    full._threads = FullThreads()
    world.hasher = full
    for _ in range(30):
        with pytest.raises(HashingBusy) as busy:
            world.sign_in(number)
        assert busy.value.details["retry_after_s"] >= 1
    world.hasher = hasher
    world.sign_in(number)


def test_a_password_that_was_changed_while_it_was_compared_does_not_count(world: World) -> None:
    subject_id = world.person()
    hasher = world.hasher

    class Slow(Argon2Hasher):
        def verify(self, password: str, encoded: str | None) -> bool:
            right = hasher.verify(password, encoded)
            world.in_tx(lambda tx: tx.credentials.remove([tx.credentials.password(subject_id).credential_id]))
            return right

    world.hasher = Slow(RealThreads(1, waiting=1), QUICK)
    with pytest.raises(Exception, match=r"identity\.sign-in-details-refused"):
        world.sign_in(world.numbers[subject_id])
