"""Managing an account: a fresh proof, what a change ends, and that a recovery shows in the level."""
from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from services.identity.credentials.domain.credential import PASSWORD
from services.identity.credentials.domain.errors import (
    ActingForAnother,
    ConfirmationNeeded,
    LastSignInMethod,
    PasswordNotAllowed,
    SignInMethodNotFound,
    SignInRefused,
    UsernameNotAllowed,
    UsernameTaken,
)
from services.identity.credentials.domain.proof import Proof
from services.identity.credentials.usecases.account import (
    RemoveSignInMethod,
    SetUsername,
    list_sign_in_methods,
    remove_sign_in_method,
    set_username,
)
from services.identity.credentials.usecases.change_password import Changed, ChangePassword, change_password
from services.identity.credentials.usecases.confirmations import confirm, owner_of
from services.identity.subjects.domain.subject import Change, Evidence
from shared_components.kernel.acting import OFFICER, Acting, Mandate
from shared_components.kernel.calls import CallContext
from tests.unit.identity.credentials.world import LOGIN, REALM, RIGHT, World

EMAIL, NEW = "lin@example.cn", "seven purple trees"


def change(world: World, subject_id: str, *, token: str | None = None, new: str = NEW) -> Changed:
    owner = world.owner(subject_id)
    return change_password(
        world.transactions, world.hasher, ChangePassword(token or world.confirmed(owner), new), owner, LOGIN)


def level(world: World, subject_id: str) -> int:
    found = world.in_tx(lambda tx: tx.subjects.get(REALM, subject_id))
    return int(found.level(world.transactions.policy.levels, world.clock.now()))


def raise_level(world: World, subject_id: str, kind: str = "proof-of-presence") -> None:
    def give(tx: Any) -> None:
        now = world.clock.now()
        subject = tx.subjects.lock(REALM, subject_id)
        evidence = Evidence(
            f"evi_{now:%H%M}", subject_id, REALM, kind, "sandbox", f"r-{now:%H%M}", now, None, "app-hall")
        tx.evidence.add(evidence)
        tx.subjects.save(subject.with_evidence(evidence), Change(
            "evidence-added", "app-hall", now, {}))

    world.in_tx(give)


def password_id(world: World, subject_id: str) -> str:
    return str(world.in_tx(lambda tx: tx.credentials.of(subject_id)[0].credential_id))


def warnings(world: World) -> list[str]:
    return [each["data"]["what"] for each in world.transactions.events if each["type"] == "sign-in-method-changed"]


def test_a_changed_password_is_the_only_one_that_signs_in(world: World) -> None:
    subject_id = world.person()
    assert change(world, subject_id) == Changed(recovered=False)
    number = world.numbers[subject_id]
    with pytest.raises(SignInRefused):
        world.sign_in(number, RIGHT)
    assert world.sign_in(number, NEW).subject_id == subject_id
    assert warnings(world) == ["password-changed"]


def test_a_first_password_is_set_after_a_code_and_is_no_recovery(world: World) -> None:
    subject_id = world.person(password=None, email=EMAIL)
    raise_level(world, subject_id)
    proof = world.show_code(world.ask_code(EMAIL), world.outbox.last_code)
    token = world.confirmed(world.owner(subject_id), proof)
    assert change(world, subject_id, token=token) == Changed(recovered=False)
    assert (level(world, subject_id), warnings(world)) == (3, ["password-set"])
    assert world.sign_in(EMAIL, NEW).subject_id == subject_id


def test_a_recovered_account_has_the_level_of_the_mailbox_until_newer_evidence(world: World) -> None:
    subject_id = world.person(email=EMAIL)
    raise_level(world, subject_id)
    proof = world.show_code(world.ask_code(EMAIL), world.outbox.last_code)
    token = world.confirmed(world.owner(subject_id), proof)
    assert change(world, subject_id, token=token) == Changed(recovered=True)
    assert (level(world, subject_id), warnings(world)) == (1, ["account-recovered"])
    recovered = [each for each in world.evidence() if each["action"] == "account.recovered"]
    assert [each["details"] for each in recovered] == [{"level": 1, "level_before": 3}]
    world.wait(minutes=5)
    raise_level(world, subject_id)
    assert level(world, subject_id) == 3


def test_a_change_makes_known_devices_strangers(world: World) -> None:
    subject_id = world.person()
    number = world.numbers[subject_id]
    world.sign_in(number, device="stolen")
    change(world, subject_id)
    assert not world.in_tx(lambda tx: tx.devices.is_known(REALM, subject_id, "stolen"))


@pytest.mark.parametrize("new", ["short", "password1", "my lin@ mail lin1985", "330106-850615"])
def test_a_password_that_is_not_allowed_changes_nothing(world: World, new: str) -> None:
    subject_id = world.person(email="lin1985@example.cn")
    with pytest.raises(PasswordNotAllowed):
        change(world, subject_id, new=new if "330106" not in new else f"x {world.numbers[subject_id]}")
    assert world.sign_in(world.numbers[subject_id], RIGHT).subject_id == subject_id


def test_a_confirmation_counts_for_its_person_and_session_for_five_minutes(world: World) -> None:
    first, second = world.person(), world.person()
    token = world.confirmed(world.owner(first))
    for owner in (world.owner(second), world.owner(first, "ses_2")):
        with pytest.raises(ConfirmationNeeded):
            change_password(world.transactions, world.hasher, ChangePassword(token, NEW), owner, LOGIN)
    for wrong in ("", "cfm_x.y", token[:-1] + "A", token.partition(".")[0]):
        with pytest.raises(ConfirmationNeeded):
            change(world, first, token=wrong or ".")
    world.wait(minutes=5)
    with pytest.raises(ConfirmationNeeded):
        change(world, first, token=token)


def test_an_old_proof_and_another_persons_proof_make_no_confirmation(world: World) -> None:
    subject_id, now = world.person(), world.clock.now()
    for proof in (Proof(subject_id, "pwd", now - timedelta(minutes=6)), Proof("sub_other", "pwd", now)):
        with pytest.raises(ConfirmationNeeded):
            world.in_tx(partial(confirm, owner=world.owner(subject_id), proof=proof))


@pytest.mark.parametrize("acting", [
    None, Acting("sub_1", "ses_1", OFFICER, department="t1"),
    Acting("sub_1", "ses_1", mandate=Mandate("mdt_1"), principal="sub_company")])
def test_only_the_person_alone_manages_an_account(acting: Acting | None) -> None:
    with pytest.raises(ActingForAnother):
        owner_of(CallContext("app-hall", "t1", acting=acting), REALM)


def test_the_owner_sees_the_methods_without_their_secrets(world: World) -> None:
    subject_id = world.person()
    seen = world.in_tx(lambda tx: list_sign_in_methods(tx, world.owner(subject_id)))
    assert [(each.kind, each.used_at) for each in seen.items] == [(PASSWORD, None)]
    assert not hasattr(seen.items[0], "secret")


def test_the_last_way_in_stays_and_another_persons_is_not_found(world: World) -> None:
    first, second = world.person(email=None), world.person(email=EMAIL)
    ids = {each: password_id(world, each) for each in (first, second)}

    def remove(subject_id: str, credential_id: str) -> None:
        owner = world.owner(subject_id)
        token = world.confirmed(owner)
        world.in_tx(lambda tx: remove_sign_in_method(tx, RemoveSignInMethod(token, credential_id), owner, LOGIN))

    with pytest.raises(LastSignInMethod):
        remove(first, ids[first])
    with pytest.raises(SignInMethodNotFound):
        remove(first, ids[second])
    remove(second, ids[second])  # a code to the mailbox still signs in


def test_usernames_are_one_persons_in_any_spelling(world: World) -> None:
    first, second = world.person(), world.person()

    def choose(subject_id: str, name: str) -> str | None:
        owner = world.owner(subject_id)
        token = world.confirmed(owner)
        return world.in_tx(lambda tx: set_username(tx, SetUsername(token, name), owner, LOGIN)).username

    assert choose(first, "Lin.Jing") == "lin.jing"
    with pytest.raises(UsernameTaken):
        choose(second, "LIN.jing")
    assert choose(first, "lin-2") == "lin-2"
    assert choose(second, "lin.jing") == "lin.jing"
    for bad in ("lin", "13800138000", "a@b.cn", "1lin", "林静林静"):
        with pytest.raises(UsernameNotAllowed):
            choose(first, bad)


def test_a_rejected_password_is_in_no_evidence_and_no_event(world: World) -> None:
    subject_id = world.person()
    change(world, subject_id)
    shown = str(world.evidence()) + str(world.transactions.events)
    assert not any(secret in shown for secret in (RIGHT, NEW, world.numbers[subject_id]))


