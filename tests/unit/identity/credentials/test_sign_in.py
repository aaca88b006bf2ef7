"""Signing in by password: who gets in, what is told, and what is written."""
from __future__ import annotations

import pytest

from services.identity.credentials.domain.errors import GuardianConsentNeeded, SignInRefused, TooManyAttempts
from services.identity.credentials.domain.identifiers import username
from services.identity.subjects import schemas, usecases
from services.identity.subjects.domain import states
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import AppError
from tests.unit.identity.credentials.world import REALM, RIGHT, WRONG, World

MOBILE, EMAIL = "13800138000", "lin@example.cn"


def refusal(world: World, identifier: str, password: str = WRONG, **more: str) -> AppError:
    with pytest.raises(AppError) as refused:
        world.sign_in(identifier, password, **more)
    return refused.value


@pytest.mark.parametrize("spelling", [
    MOBILE, "+86 138 0013 8000", "138-0013-8000", EMAIL, " LIN@example.CN ", "lin.jing", "Lin.Jing", "number"])
def test_every_identifier_leads_to_the_account_in_every_spelling(world: World, spelling: str) -> None:
    subject_id = world.person(mobile=MOBILE, email=EMAIL)
    world.in_tx(lambda tx: tx.accounts.set_username(REALM, subject_id, username("lin.jing")))
    proof = world.sign_in(world.numbers[subject_id].lower() if spelling == "number" else spelling)
    assert (proof.subject_id, proof.method, proof.at) == (subject_id, "pwd", world.clock.now())


def test_a_wrong_password_an_unknown_person_and_one_without_a_password_are_told_the_same(world: World) -> None:
    known, bare = world.person(), world.person(password=None)
    strangers = ("330106199003079997", "nobody@example.cn", "", "'; DROP TABLE subjects --")
    told = {(type(error), error.code, error.message, str(error.details)) for error in (
        refusal(world, world.numbers[known]), refusal(world, world.numbers[bare], RIGHT),
        *(refusal(world, each, RIGHT) for each in strangers))}
    assert len(told) == 1
    assert next(iter(told))[0] is SignInRefused


@pytest.mark.parametrize("state", [states.FROZEN, states.CLOSED])
def test_an_account_that_is_not_active_is_refused_as_a_wrong_password_is(world: World, state: str) -> None:
    subject_id = world.person()
    change = usecases.ChangeState(subject_id, "test")
    world.in_tx(lambda tx: usecases.change_state(tx, change, CallContext("operator", REALM), target=state))
    assert refusal(world, world.numbers[subject_id], RIGHT).message == SignInRefused().message


def test_a_mobile_of_a_family_leads_to_nobody_and_the_answer_asks_for_another_identifier(world: World) -> None:
    first, second = world.person(mobile=MOBILE), world.person(mobile=MOBILE)
    told = refusal(world, MOBILE, RIGHT)
    assert isinstance(told.text, Bilingual)
    assert "证件号码" in told.text.zh
    assert {world.sign_in(world.numbers[each]).subject_id for each in (first, second)} == {first, second}


def test_a_merged_person_signs_in_as_the_one_that_stays(world: World) -> None:
    kept, merged = world.person(), world.person()
    command = schemas.MergeSubjects().load({"subject_id": kept, "merged_id": merged, "reason": "same person"})
    world.in_tx(lambda tx: usecases.merge_subjects(tx, command, CallContext("operator", REALM)))
    assert world.sign_in(world.numbers[merged]).subject_id == kept


def test_a_person_of_another_realm_is_nobody_here(world: World) -> None:
    subject_id = world.person()
    with pytest.raises(SignInRefused):
        from services.identity.credentials.usecases.prove_password import ProvePassword, prove_password

        prove_password(world.transactions, world.hasher, ProvePassword(
            f"{REALM}-sandbox", world.numbers[subject_id], RIGHT, None, "10.0.0.1"), CallContext("gateway", "x"))


def test_a_child_needs_a_guardian_only_after_the_right_password(world: World) -> None:
    child = world.person(born="20150307")
    assert isinstance(refusal(world, world.numbers[child]), SignInRefused)
    with pytest.raises(GuardianConsentNeeded):
        world.sign_in(world.numbers[child])


def test_attempts_with_one_identifier_end_whether_somebody_has_it_or_not(world: World) -> None:
    subject_id = world.person()
    for identifier in (world.numbers[subject_id], "330106199003079997"):
        assert [refusal(world, identifier).code for _ in range(11)] == [
            *["identity.sign-in-details-refused"] * 10, "identity.too-many-attempts"]
    told = refusal(world, world.numbers[subject_id], RIGHT)
    assert isinstance(told, TooManyAttempts)
    assert told.details == {"retry_after_s": 900}
    world.wait(minutes=15)
    assert world.sign_in(world.numbers[subject_id]).subject_id == subject_id


def test_another_identifier_of_the_same_person_gives_no_more_guesses_and_tells_nothing(world: World) -> None:
    subject_id = world.person(mobile=MOBILE)
    for _ in range(10):
        refusal(world, world.numbers[subject_id])
    assert isinstance(refusal(world, MOBILE, RIGHT), SignInRefused)


def test_a_stranger_does_not_lock_the_owner_out_of_a_known_device(world: World) -> None:
    subject_id = world.person()
    number = world.numbers[subject_id]
    world.sign_in(number, device="home")
    for _ in range(12):
        refusal(world, number, device="evil", address="10.6.6.6")
    assert world.sign_in(number, device="home").subject_id == subject_id
    assert refusal(world, number, RIGHT, device="new").code == "identity.too-many-attempts"


def test_a_known_device_has_its_own_limit(world: World) -> None:
    number = world.numbers[world.person()]
    world.sign_in(number, device="home")
    told = [refusal(world, number, device="home").code for _ in range(11)]
    assert told == [*["identity.sign-in-details-refused"] * 10, "identity.too-many-attempts"]


def test_one_address_that_tries_many_accounts_is_stopped(world: World) -> None:
    told = [refusal(world, f"user{index}@example.cn").code for index in range(101)]
    assert told[-1] == "identity.too-many-attempts"
    assert set(told[:-1]) == {"identity.sign-in-details-refused"}


def test_signing_in_often_uses_up_nothing(world: World) -> None:
    subject_id = world.person()
    for _ in range(30):
        assert world.sign_in(world.numbers[subject_id], device="home").subject_id == subject_id
    for _ in range(30):
        assert world.sign_in(world.numbers[subject_id]).subject_id == subject_id


def test_successes_and_failures_are_in_the_evidence_without_a_secret(world: World) -> None:
    subject_id = world.person(email=EMAIL)
    refusal(world, EMAIL)
    refusal(world, "nobody@example.cn")
    world.sign_in(EMAIL, device="home-secret")
    records = [each for each in world.evidence() if str(each["action"]).startswith("sign-in.")]
    assert [(each["action"], each["about"]) for each in records] == [
        ("sign-in.refused", subject_id), ("sign-in.refused", "nobody"), ("sign-in.proved", subject_id)]
    assert not any(secret in str(records) for secret in (RIGHT, WRONG, EMAIL, "nobody@", "home-secret", "10.0.0.1"))
