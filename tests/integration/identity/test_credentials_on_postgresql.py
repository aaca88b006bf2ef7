"""Credentials on PostgreSQL: the same behaviour, row security, and what is shown by many at once."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from services.identity.credentials.domain.policy import CredentialPolicy
from services.identity.credentials.usecases.account import RemoveSignInMethod, remove_sign_in_method
from services.identity.credentials.usecases.codes import send_code_to
from services.identity.credentials.usecases.confirm_identity import ConfirmIdentity, confirm_identity
from services.identity.credentials.usecases.contacts import index_contacts
from services.identity.credentials.usecases.passkeys import (
    FinishPasskey,
    begin_adding_passkey,
    finish_adding_passkey,
)
from services.identity.credentials.usecases.purge import purge
from shared_components.db import migrate
from shared_components.db.migrate import drift
from shared_components.kernel.errors import AppError
from tests.unit.identity import realms
from tests.unit.identity.credentials import test_account, test_codes, test_guardians, test_second_factors, test_sign_in
from tests.unit.identity.credentials.authenticator import Authenticator
from tests.unit.identity.credentials.test_passkeys import PASSKEYS, RULES
from tests.unit.identity.credentials.world import LOGIN, REALM, RIGHT, WRONG, World

pytestmark = pytest.mark.integration
AT_ONCE = 12
EMAIL = "lin@example.cn"
TABLES = ("credentials", "sign_in_identifiers", "sign_in_attempts", "known_devices", "sign_in_challenges",
          "code_sendings", "guardian_consents")
SAME_AS_ELSEWHERE: list[Callable[[World], None]] = [
    test_sign_in.test_attempts_with_one_identifier_end_whether_somebody_has_it_or_not,
    test_sign_in.test_a_stranger_does_not_lock_the_owner_out_of_a_known_device,
    test_sign_in.test_a_merged_person_signs_in_as_the_one_that_stays,
    test_codes.test_two_identifiers_of_one_person_send_no_more_codes_and_do_not_tell,
    test_codes.test_five_wrong_tries_end_a_code,
    test_second_factors.test_a_code_counts_once_even_in_the_same_half_minute,
    test_second_factors.test_recovery_codes_count_once_each_and_new_ones_replace_them,
    test_account.test_a_recovered_account_has_the_level_of_the_mailbox_until_newer_evidence,
    test_account.test_usernames_are_one_persons_in_any_spelling,
    test_guardians.test_a_guardian_lets_a_child_in_and_takes_it_back,
]


@pytest.fixture
def world(postgres_url: str, tmp_path: Path) -> Iterator[World]:
    migrate(postgres_url, "identity")
    made = World(tmp_path, CredentialPolicy(passkeys=RULES), url=postgres_url)
    yield made
    made.transactions.database.dispose()


@pytest.mark.parametrize("behaviour", SAME_AS_ELSEWHERE, ids=lambda test: test.__name__)
def test_behaves_as_elsewhere(world: World, behaviour: Callable[[World], None]) -> None:
    behaviour(world)


def test_the_migration_makes_the_tables_of_the_models(world: World, postgres_url: str) -> None:
    assert drift(postgres_url, "identity") == []


def test_a_realm_sees_its_own_credentials_and_its_departments_and_other_realms_none(world: World) -> None:
    world.person(email=EMAIL)
    world.sign_in(EMAIL, device="home")
    world.ask_code(EMAIL)

    def rows(tenant: str) -> dict[str, int]:
        with world.transactions.database.reading([tenant]) as session:
            return {table: session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() for table in TABLES}  # noqa: S608

    assert rows(REALM)["credentials"] == 1
    for stranger in (realms.SECOND, "another-realm", f"{REALM}-sandbox"):
        assert set(rows(stranger).values()) == {0}, stranger
    # The department that owns the population removes sign-in methods, and corrects contacts.
    assert {table for table, count in rows(realms.FIRST).items() if count} == {"credentials", "sign_in_identifiers"}


def test_the_owning_department_that_changes_a_contact_lets_the_subject_be_found_by_it(world: World) -> None:
    subject_id = world.person(email=EMAIL)

    def correct(tx: Any) -> None:
        index_contacts(tx, replace(tx.subjects.get(realms.FIRST, subject_id), email="new@example.cn"))

    world.in_tx(correct, realms.FIRST)
    assert world.sign_in("new@example.cn").subject_id == subject_id


def at_once(act: Callable[[], Any], times: int = AT_ONCE) -> list[str]:
    """Call many times at once; gives the codes that the callers were told, and `done`."""
    def told(_: int) -> str:
        try:
            act()
        except AppError as error:
            return error.code
        return "done"

    with ThreadPoolExecutor(times) as pool:
        return sorted(pool.map(told, range(times)))


def test_a_password_is_confirmed_by_five_guesses_at_most(world: World) -> None:
    """Races identity.confirm_identity."""
    owner = world.owner(world.person())
    told = at_once(lambda: confirm_identity(
        world.transactions, world.hasher, ConfirmIdentity("password", WRONG), owner, LOGIN), times=8)
    assert told.count("identity.sign-in-details-refused") == 5
    assert told.count("identity.too-many-attempts") == 3


def test_of_codes_that_are_asked_for_at_once_one_is_sent(world: World) -> None:
    """Races identity.send_confirmation_code."""
    subject_id = world.person(email=EMAIL)
    told = at_once(lambda: world.in_tx(lambda tx: send_code_to(tx, REALM, subject_id, "ses_1")))
    assert told.count("done") == 1
    assert set(told) == {"done", "identity.too-many-codes"}


def test_a_passkey_that_is_added_many_times_at_once_is_one(world: World) -> None:
    """Races identity.finish_adding_passkey."""
    owner = world.owner(world.person())
    token = world.confirmed(owner)
    asked = world.in_tx(lambda tx: begin_adding_passkey(tx, PASSKEYS, token, owner))
    command = FinishPasskey(asked.challenge_id, "phone", Authenticator().register(asked.options))
    told = at_once(lambda: world.in_tx(lambda tx: finish_adding_passkey(tx, PASSKEYS, command, owner, LOGIN)))
    assert told.count("done") == 1
    assert set(told) == {"done", "identity.passkey-refused"}


def test_a_method_that_is_removed_many_times_at_once_is_removed_once(world: World) -> None:
    """Races identity.remove_sign_in_method."""
    subject_id = world.person(email=EMAIL)
    owner, credential_id = world.owner(subject_id), test_account.password_id(world, subject_id)
    token = world.confirmed(owner)
    told = at_once(lambda: world.in_tx(lambda tx: remove_sign_in_method(
        tx, RemoveSignInMethod(token, credential_id), owner, LOGIN)))
    assert told.count("done") == 1
    assert set(told) == {"done", "identity.sign-in-method-not-found"}


def test_persons_who_sign_in_at_once_from_one_address_do_not_hinder_each_other(world: World) -> None:
    people = [world.numbers[world.person()] for _ in range(4)]

    def enter(number: int) -> str:
        return world.sign_in(people[number % 4], RIGHT, device=f"d{number % 4}").subject_id

    with ThreadPoolExecutor(8) as pool:
        entered = list(pool.map(enter, range(24)))
    assert len(set(entered)) == 4


def test_what_counts_for_nothing_any_more_is_forgotten(world: World) -> None:
    world.person(email=EMAIL)
    world.ask_code(EMAIL)
    world.wait(days=3)
    purge(_All(world))
    with world.transactions.database.reading([REALM]) as session:
        left = [session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608
                for table in ("sign_in_attempts", "sign_in_challenges", "code_sendings")]
    assert left == [0, 0, 0]


class _All:
    """Transactions over all tenants, as scheduled work has them."""

    def __init__(self, world: World) -> None:
        self._world, self.clock = world, world.clock

    def begin(self, tenant: str = "*") -> Any:
        return self._world.transactions.begin(tenant)
