"""Authenticator apps and recovery codes: each code counts once, and guessing ends soon."""
from __future__ import annotations

import pyotp
import pytest

from services.identity.credentials.domain.errors import CodeRefused, SignInMethodNotFound, TooManyAttempts
from services.identity.credentials.domain.proof import Proof
from services.identity.credentials.usecases.add_second_factors import (
    Confirmed,
    FinishTotp,
    NewTotp,
    begin_totp,
    finish_totp,
    make_recovery_codes,
)
from services.identity.credentials.usecases.second_factors import (
    ProveSecond,
    prove_recovery_code,
    prove_totp,
    ways_of,
)
from tests.unit.identity.credentials.world import LOGIN, REALM, World


def code_at(world: World, secret: str, *, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(world.clock.now(), counter_offset=steps)


def begin(world: World, subject_id: str) -> tuple[str, NewTotp]:
    owner = world.owner(subject_id)
    token = world.confirmed(owner)
    return token, world.in_tx(lambda tx: begin_totp(tx, Confirmed(token), owner))


def enrol(world: World, subject_id: str) -> str:
    token, made = begin(world, subject_id)
    command = FinishTotp(token, made.credential_id, code_at(world, made.secret))
    world.in_tx(lambda tx: finish_totp(tx, command, world.owner(subject_id), LOGIN))
    world.wait(seconds=30)
    return made.secret


def show(world: World, subject_id: str, code: str) -> Proof:
    return prove_totp(world.transactions, ProveSecond(REALM, subject_id, code), LOGIN)


def test_a_secret_counts_once_its_first_code_was_shown(world: World) -> None:
    subject_id = world.person()
    token, made = begin(world, subject_id)
    assert made.uri.startswith("otpauth://totp/") and made.secret in made.uri
    with pytest.raises(CodeRefused):
        show(world, subject_id, code_at(world, made.secret))
    owner = world.owner(subject_id)
    with pytest.raises(CodeRefused):
        world.in_tx(lambda tx: finish_totp(tx, FinishTotp(token, made.credential_id, "000000"), owner, LOGIN))
    assert "totp" not in world.in_tx(lambda tx: ways_of(tx, subject_id))
    command = FinishTotp(token, made.credential_id, code_at(world, made.secret))
    world.in_tx(lambda tx: finish_totp(tx, command, owner, LOGIN))
    assert "totp" in world.in_tx(lambda tx: ways_of(tx, subject_id))
    assert world.in_tx(lambda tx: finish_totp(tx, command, owner, LOGIN)).recovered is False
    with pytest.raises(SignInMethodNotFound):
        other = FinishTotp(token, "crd_other", command.code)
        world.in_tx(lambda tx: finish_totp(tx, other, owner, LOGIN))


def test_a_code_counts_once_even_in_the_same_half_minute(world: World) -> None:
    subject_id = world.person()
    secret = enrol(world, subject_id)
    proof = show(world, subject_id, code_at(world, secret))
    assert (proof.method, proof.is_weak) == ("otp", False)
    with pytest.raises(CodeRefused):
        show(world, subject_id, code_at(world, secret))


def test_the_code_that_confirmed_the_secret_signs_nobody_in(world: World) -> None:
    subject_id = world.person()
    token, made = begin(world, subject_id)
    code = code_at(world, made.secret)
    world.in_tx(lambda tx: finish_totp(
        tx, FinishTotp(token, made.credential_id, code), world.owner(subject_id), LOGIN))
    with pytest.raises(CodeRefused):
        show(world, subject_id, code)


@pytest.mark.parametrize(("steps", "counts"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_differ_by_one_step(world: World, steps: int, counts: bool) -> None:
    subject_id = world.person()
    secret = enrol(world, subject_id)
    world.wait(minutes=5)
    code = code_at(world, secret, steps=steps)
    if counts:
        assert show(world, subject_id, code).subject_id == subject_id
    else:
        with pytest.raises(CodeRefused):
            show(world, subject_id, code)


def test_an_earlier_code_is_used_up_by_a_later_one(world: World) -> None:
    subject_id = world.person()
    secret = enrol(world, subject_id)
    world.wait(minutes=5)
    show(world, subject_id, code_at(world, secret))
    with pytest.raises(CodeRefused):
        show(world, subject_id, code_at(world, secret, steps=-1))


def test_guessing_a_second_factor_ends_after_five_attempts(world: World) -> None:
    subject_id = world.person()
    secret = enrol(world, subject_id)
    for _ in range(5):
        with pytest.raises(CodeRefused):
            show(world, subject_id, "000000")
    with pytest.raises(TooManyAttempts):
        show(world, subject_id, code_at(world, secret))
    world.wait(minutes=15)
    show(world, subject_id, code_at(world, secret))


def test_a_new_authenticator_replaces_the_old_one(world: World) -> None:
    subject_id = world.person()
    old, new = enrol(world, subject_id), enrol(world, subject_id)
    with pytest.raises(CodeRefused):
        show(world, subject_id, code_at(world, old))
    show(world, subject_id, code_at(world, new))


def test_recovery_codes_count_once_each_and_new_ones_replace_them(world: World) -> None:
    subject_id = world.person()
    owner = world.owner(subject_id)

    def made() -> list[str]:
        token = world.confirmed(owner)
        return list(world.in_tx(lambda tx: make_recovery_codes(tx, Confirmed(token), owner, LOGIN)).codes)

    def use(code: str) -> Proof:
        return prove_recovery_code(world.transactions, ProveSecond(REALM, subject_id, code), LOGIN)

    codes = made()
    assert len(set(codes)) == 10
    assert use(codes[0].lower().replace("-", " ")).is_weak
    with pytest.raises(CodeRefused):
        use(codes[0])
    newer = made()
    with pytest.raises(CodeRefused):
        use(codes[1])
    assert use(newer[0]).subject_id == subject_id


def test_a_recovery_code_of_another_person_is_refused(world: World) -> None:
    first, second = world.person(), world.person()
    owner = world.owner(first)
    token = world.confirmed(owner)
    codes = world.in_tx(lambda tx: make_recovery_codes(tx, Confirmed(token), owner, LOGIN)).codes
    with pytest.raises(CodeRefused):
        prove_recovery_code(world.transactions, ProveSecond(REALM, second, codes[0]), LOGIN)
