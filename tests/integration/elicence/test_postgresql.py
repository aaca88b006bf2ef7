"""Elicence on PostgreSQL: the same behaviour, and what only concurrency shows."""
from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from services.elicence import schemas, usecases
from services.elicence.domain.errors import ActiveLicenceExists, PriorNotRenewable
from services.elicence.transaction import SqlELicenceTransaction
from shared_components.bus.server.event_recorder import TransactionScope
from shared_components.db import Database
from shared_components.db.migrate import drift
from shared_components.kernel.errors import AppError
from shared_components.kernel.numbers import LicenceIdentifier
from shared_components.security import Secrets
from tests.unit.elicence import test_issue, test_life, test_present_and_verify
from tests.unit.elicence.world import OTHER_TENANT, POLICY, TENANT, World, database_world, licence_request, request

pytestmark = pytest.mark.integration
WORKERS = 8
SAME_AS_ELSEWHERE = [
    test_issue.test_a_renewal_is_the_next_version_and_the_prior_one_becomes_void,
    test_issue.test_a_bad_call_does_not_sink_its_neighbours,
    test_issue.test_an_ended_licence_can_be_renewed_late_and_does_not_stand_in_the_way,
    test_life.test_expiry_is_written_down_once_and_told,
    test_life.test_lists_are_filtered_and_paged_newest_first,
    test_present_and_verify.test_a_code_counts_once_also_within_one_group,
    test_present_and_verify.test_old_codes_are_forgotten,
]


@pytest.fixture
def world(postgres_url: str, tmp_path: Path) -> World:
    made = database_world(postgres_url, tmp_path)
    made.put_type()
    return made


@pytest.mark.parametrize("behaviour", SAME_AS_ELSEWHERE, ids=lambda test: test.__name__)
def test_behaves_as_elsewhere(world: World, behaviour: Callable[[World], None]) -> None:
    behaviour(world)


def test_the_migration_makes_the_tables_of_the_models(world: World, postgres_url: str) -> None:
    assert drift(postgres_url, "elicence") == []


def test_serial_numbers_are_unique_under_concurrency(world: World) -> None:
    def issue(batch: int) -> list[Any]:
        return world.issue(*[licence_request(batch * 20 + n) for n in range(1, 11)])

    replies = [one for batch in _together(issue, range(WORKERS * 2)) for one in batch]
    serials = {LicenceIdentifier.parse(one["identifier"]).serial for one in replies}
    assert len(serials) == len(replies) == WORKERS * 20


def test_of_many_who_issue_to_one_holder_one_succeeds(world: World) -> None:
    for number in range(1, 6):
        outcomes = _together(partial(_outcome, world, licence_request(number)), range(WORKERS))
        assert outcomes.count("issued") == 1
        assert outcomes.count(ActiveLicenceExists.code) == WORKERS - 1
        assert len(world.held(f"sub_{number}")) == 1


def test_of_many_who_renew_one_licence_one_succeeds(world: World) -> None:
    prior = world.issued()["identifier"]
    outcomes = _together(partial(_outcome, world, licence_request(prior_identifier=prior)), range(WORKERS))
    assert outcomes.count("issued") == 1
    assert set(outcomes) <= {"issued", PriorNotRenewable.code, ActiveLicenceExists.code}
    assert sorted(one["state"] for one in world.held()) == ["issued", "superseded"]


def test_of_many_who_use_one_code_one_succeeds(world: World) -> None:
    licence_id = world.issued()["licence_id"]
    for _ in range(5):
        code = world.present(licence_id)["code"]
        verdicts = _together(partial(_valid, world, {"code": code}), range(WORKERS))
        assert verdicts.count(True) == 1


def test_no_verification_that_begins_after_a_revoke_was_answered_says_valid(world: World) -> None:
    for number in range(1, 11):
        licence = world.issued(number)
        asked = {"identifier": licence["identifier"]}

        def race(worker: int, asked: dict[str, str] = asked, licence_id: str = licence["licence_id"]) -> bool:
            if worker == 0:
                world.change("revoke", licence_id)
                return bool(world.verify(asked)[0]["valid"])
            world.verify(asked)
            return False

        assert not any(_together(race, range(4)))


def test_row_security_hides_licences_from_another_tenant(world: World, postgres_url: str, tmp_path: Path) -> None:
    identifier = world.issued()["identifier"]
    database, secrets = Database(postgres_url, "elicence"), Secrets.for_development(tmp_path)
    seen = {}
    for tenant in (TENANT, OTHER_TENANT):
        with database.transaction([tenant]) as session:
            scope = TransactionScope(session, world.recorder(), world.clock, {}, secrets)
            tx = SqlELicenceTransaction(scope, POLICY)
            seen[tenant] = set(tx.licences.by_identifiers([identifier]))
    database.dispose()
    assert seen == {TENANT: {identifier}, OTHER_TENANT: set()}


def test_a_group_costs_the_same_number_of_statements_whatever_its_size(world: World) -> None:
    counts = [_statements(world, size) for size in (1, 50)]
    assert counts[0] == counts[1] <= 6


def _statements(world: World, size: int) -> int:
    calls = [request(schemas.Issue, licence_request(size * 10 + n)) for n in range(size)]
    with world.begin() as tx:
        assert isinstance(tx, SqlELicenceTransaction)
        executed: list[str] = []
        connection = tx.types._session.connection()
        event.listen(connection, "before_cursor_execute", lambda *arguments: executed.append(arguments[2]))
        replies = usecases.issue_licences(tx, calls)
    assert not [one for one in replies if isinstance(one, AppError)]
    return len(executed)


def _valid(world: World, asked: dict[str, Any], _: int) -> bool:
    return bool(world.verify(asked)[0]["valid"])


def _outcome(world: World, asked: dict[str, Any], _: int) -> str:
    try:
        (reply,) = world.issue(asked)
    except AppError as error:  # the whole transaction was given up
        return error.code
    return reply.code if isinstance(reply, AppError) else str(reply["state"])


def _together(work: Callable[[int], Any], numbers: range) -> list[Any]:
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(work, numbers))
