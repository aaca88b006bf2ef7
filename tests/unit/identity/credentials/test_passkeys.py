"""Passkeys: registered with a fresh proof, shown in one browser, once, by the device that has the key."""
from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from services.identity.credentials.adapters.passkeys import FidoPasskeys
from services.identity.credentials.domain.errors import (
    ConfirmationNeeded,
    PasskeyRefused,
    PasskeysNotConfigured,
    SignInRefused,
    TooManySignInMethods,
)
from services.identity.credentials.domain.policy import CredentialPolicy, PasskeyRules
from services.identity.credentials.domain.proof import Proof
from services.identity.credentials.usecases.account import (
    NameSignInMethod,
    RemoveSignInMethod,
    list_sign_in_methods,
    name_sign_in_method,
    remove_sign_in_method,
)
from services.identity.credentials.usecases.passkeys import (
    FinishPasskey,
    ProvePasskey,
    begin_adding_passkey,
    begin_passkey,
    finish_adding_passkey,
    prove_passkey,
)
from services.identity.subjects import usecases
from services.identity.subjects.domain import states
from shared_components.kernel.calls import CallContext
from tests.unit.identity.credentials.authenticator import FLAG, ORIGIN, RP_ID, Authenticator
from tests.unit.identity.credentials.world import LOGIN, REALM, World

RULES = PasskeyRules(RP_ID, "示范市", (ORIGIN,))
PASSKEYS = FidoPasskeys(RULES)


class PasskeyWorld(World):
    def add(self, subject_id: str, device: Authenticator, name: str = "phone", *, shown: Proof | None = None) -> str:
        owner = self.owner(subject_id)
        token = self.confirmed(owner, shown)
        asked = self.in_tx(lambda tx: begin_adding_passkey(tx, PASSKEYS, token, owner))
        command = FinishPasskey(asked.challenge_id, name, device.register(asked.options))
        return self.in_tx(lambda tx: finish_adding_passkey(tx, PASSKEYS, command, owner, LOGIN)).credential_id

    def ask(self, binding: str = "browser-1") -> Any:
        return self.in_tx(lambda tx: begin_passkey(tx, PASSKEYS, REALM, binding))

    def show(self, asked: Any, response: Any, binding: str = "browser-1") -> Proof:
        return prove_passkey(self.transactions, PASSKEYS, ProvePasskey(
            REALM, asked.challenge_id, binding, response), LOGIN)


@pytest.fixture
def world(tmp_path: Path) -> PasskeyWorld:
    return PasskeyWorld(tmp_path, CredentialPolicy(passkeys=RULES))


@pytest.mark.parametrize(("flags", "method"), [(FLAG.UP | FLAG.UV, "hwk"), (FLAG.UP | FLAG.UV | FLAG.BE, "swk")])
def test_a_registered_passkey_signs_its_person_in_without_an_identifier(
    world: PasskeyWorld, flags: Any, method: str,
) -> None:
    subject_id, device = world.person(), Authenticator(flags=flags)
    credential_id = world.add(subject_id, device)
    asked = world.ask()
    assert "allowCredentials" not in asked.options["publicKey"]
    proof = world.show(asked, device.show(asked.options))
    assert (proof.subject_id, proof.method, proof.credential_id) == (subject_id, method, credential_id)


@pytest.mark.parametrize("wrong", [
    {"origin": "https://id.example.cn.evil.com"}, {"rp_id": "example.cn"}, {"flags": FLAG.UP}, {"flags": FLAG.UV},
])
def test_what_a_device_or_page_says_wrongly_is_refused_at_registration_and_at_sign_in(
    world: PasskeyWorld, wrong: dict[str, Any],
) -> None:
    subject_id, device = world.person(), Authenticator()
    with pytest.raises(PasskeyRefused):
        world.add(subject_id, Authenticator(**wrong))
    world.add(subject_id, device)
    bad = replace(device, **wrong)
    with pytest.raises(PasskeyRefused):
        world.show(asked := world.ask(), bad.show(asked.options))


def test_a_response_counts_once_in_its_own_browser_and_for_its_own_challenge(world: PasskeyWorld) -> None:
    device = Authenticator()
    world.add(world.person(), device)
    asked, other = world.ask(), world.ask()
    response = device.show(asked.options)
    for challenge, binding in ((other, "browser-1"), (asked, "browser-2")):
        with pytest.raises(PasskeyRefused):
            world.show(challenge, response, binding)
    asked = world.ask()
    response = device.show(asked.options)
    world.show(asked, response)
    with pytest.raises(PasskeyRefused):
        world.show(asked, response)


def test_a_signature_of_another_key_is_refused(world: PasskeyWorld) -> None:
    device = Authenticator()
    world.add(world.person(), device)
    asked = world.ask()
    with pytest.raises(PasskeyRefused):
        world.show(asked, Authenticator(credential_id=device.credential_id).show(asked.options))


@pytest.mark.parametrize("response", [{}, {"id": "x", "rawId": "!", "response": None}, {"rawId": 7}, {
    "id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {
        "clientDataJSON": "AAAA", "authenticatorData": "AAAA", "signature": "AAAA"}}])
def test_a_response_that_is_none_is_refused_and_not_a_fault(world: PasskeyWorld, response: Any) -> None:
    with pytest.raises(PasskeyRefused):
        world.show(world.ask(), response)


def test_a_copied_device_is_found_by_its_counter(world: PasskeyWorld) -> None:
    device = Authenticator(counter=5)
    world.add(world.person(), device)
    copy = replace(device)
    world.show(asked := world.ask(), device.show(asked.options))
    with pytest.raises(PasskeyRefused):
        world.show(asked := world.ask(), copy.show(asked.options))
    assert [each["details"]["reason"] for each in world.evidence() if "reason" in each["details"]] == [
        "counter-went-back"]


def test_a_device_without_a_counter_signs_in_again_and_again(world: PasskeyWorld) -> None:
    device = Authenticator(counter=None)
    world.add(world.person(), device)
    for _ in range(3):
        world.show(asked := world.ask(), device.show(asked.options))


def test_a_frozen_person_is_refused(world: PasskeyWorld) -> None:
    subject_id, device = world.person(), Authenticator()
    world.add(subject_id, device)
    change = usecases.ChangeState(subject_id, "test")
    world.in_tx(lambda tx: usecases.change_state(tx, change, CallContext("operator", REALM), target=states.FROZEN))
    with pytest.raises(SignInRefused):
        world.show(asked := world.ask(), device.show(asked.options))


def test_several_passkeys_have_names_and_are_removed_one_by_one(world: PasskeyWorld) -> None:
    subject_id, phone, key = world.person(), Authenticator(), Authenticator()
    first, second = world.add(subject_id, phone, "phone"), world.add(subject_id, key, "key")
    owner = world.owner(subject_id)
    world.in_tx(lambda tx: name_sign_in_method(tx, NameSignInMethod(second, "blue key"), owner))
    token = world.confirmed(owner)
    world.in_tx(lambda tx: remove_sign_in_method(tx, RemoveSignInMethod(token, first), owner, LOGIN))
    left = world.in_tx(lambda tx: list_sign_in_methods(tx, owner)).items
    assert [(each.kind, each.name) for each in left] == [("password", None), ("passkey", "blue key")]
    with pytest.raises(PasskeyRefused):
        world.show(asked := world.ask(), phone.show(asked.options))
    asked = world.ask()
    assert world.show(asked, key.show(asked.options)).subject_id == subject_id


def test_a_device_that_is_there_is_told_to_the_browser_and_not_added_to_another_account(world: PasskeyWorld) -> None:
    subject_id, device = world.person(), Authenticator()
    world.add(subject_id, device)
    owner = world.owner(subject_id)
    token = world.confirmed(owner)
    asked = world.in_tx(lambda tx: begin_adding_passkey(tx, PASSKEYS, token, owner))
    assert len(asked.options["publicKey"]["excludeCredentials"]) == 1
    with pytest.raises(PasskeyRefused):
        world.add(world.person(), device)


def test_ten_passkeys_are_the_most(world: PasskeyWorld) -> None:
    subject_id = world.person()
    for _ in range(10):
        world.add(subject_id, Authenticator())
    with pytest.raises(TooManySignInMethods):
        world.add(subject_id, Authenticator())


def test_without_settings_and_without_a_fresh_proof_there_is_a_typed_refusal(world: PasskeyWorld) -> None:
    with pytest.raises(PasskeysNotConfigured):
        world.in_tx(lambda tx: begin_passkey(tx, None, REALM, "browser-1"))
    owner = world.owner(world.person())
    with pytest.raises(ConfirmationNeeded):
        world.in_tx(lambda tx: begin_adding_passkey(tx, PASSKEYS, "cfm_1.x", owner))
