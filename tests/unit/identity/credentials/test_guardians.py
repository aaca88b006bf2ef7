"""Consents of guardians: only who an authority confirms gives one, and it is theirs to take back."""
from __future__ import annotations

import pytest

from services.identity.credentials.domain.errors import (
    GuardianConsentNeeded,
    GuardianConsentNotFound,
    GuardianNotConfirmed,
)
from services.identity.credentials.usecases.guardian_consents import (
    AgreeForChild,
    GuardianConsentView,
    RevokeForChild,
    agree_for_child,
    list_for_children,
    revoke_for_child,
)
from services.identity.sandbox.authority import SandboxAuthority
from services.identity.sandbox.city import city
from services.identity.sandbox.people import Person
from tests.unit.identity import realms
from tests.unit.identity.credentials.world import LOGIN, World

AUTHORITY = SandboxAuthority()


def family() -> tuple[Person, Person, Person]:
    """A child under 14 at the tests' time, its guardian, and a grown-up of another family."""
    people = city().persons
    child = next(each for each in people if each.guardians and each.age < 12)
    guardian = next(each for each in people if each.number == child.guardians[0] and each.state == "alive")
    stranger = next(each for each in people if each.family != child.family and each.age > 30 and each.state == "alive")
    return child, guardian, stranger


def registered(world: World, person: Person) -> str:
    subject_id = realms.register(
        world.transactions, realms.context(), id_number=person.number, name=person.name).subject_id
    world.numbers[subject_id] = person.number
    world.in_tx(lambda tx: world.give_password(tx, subject_id))
    return subject_id


def agree(world: World, guardian_id: str, number: str, name: str) -> GuardianConsentView:
    return agree_for_child(
        world.transactions, AUTHORITY, AgreeForChild(number, name), world.owner(guardian_id), LOGIN)


def test_a_guardian_lets_a_child_in_and_takes_it_back(world: World) -> None:
    child, guardian, _ = family()
    child_id, guardian_id = registered(world, child), registered(world, guardian)
    with pytest.raises(GuardianConsentNeeded):
        world.sign_in(child.number)
    given = agree(world, guardian_id, child.number, child.name)
    assert agree(world, guardian_id, child.number, child.name) == given
    assert world.sign_in(child.number).subject_id == child_id
    owner = world.owner(guardian_id)
    assert [each.child_subject for each in world.in_tx(lambda tx: list_for_children(tx, owner)).items] == [child_id]
    world.in_tx(lambda tx: revoke_for_child(tx, RevokeForChild(given.consent_id), owner, LOGIN))
    with pytest.raises(GuardianConsentNeeded):
        world.sign_in(child.number)
    again = world.in_tx(lambda tx: revoke_for_child(tx, RevokeForChild(given.consent_id), owner, LOGIN))
    assert again.state == "revoked"
    actions = [each["action"] for each in world.evidence() if each["action"].startswith("guardian")]
    assert actions == ["guardian-consent.given", "guardian-consent.revoked"]


def test_nobody_else_agrees_and_the_refusal_is_the_same_for_each_reason(world: World) -> None:
    child, guardian, stranger = family()
    guardian_id, stranger_id = registered(world, guardian), registered(world, stranger)
    told = set()

    def refused(by: str, number: str, name: str) -> None:
        with pytest.raises(GuardianNotConfirmed) as error:
            agree(world, by, number, name)
        told.add((error.value.message, str(error.value.details)))

    refused(guardian_id, child.number, child.name)  # the child has no account
    registered(world, child)
    refused(stranger_id, child.number, child.name)
    refused(guardian_id, child.number, "别人")
    refused(guardian_id, stranger.number, stranger.name)
    refused(guardian_id, "330106", "x")
    assert len(told) == 1


def test_another_person_cannot_take_a_consent_back(world: World) -> None:
    child, guardian, stranger = family()
    registered(world, child)
    given = agree(world, registered(world, guardian), child.number, child.name)
    owner = world.owner(registered(world, stranger))
    with pytest.raises(GuardianConsentNotFound):
        world.in_tx(lambda tx: revoke_for_child(tx, RevokeForChild(given.consent_id), owner, LOGIN))
