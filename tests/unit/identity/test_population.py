"""Departments of one realm share its population; each app reads what it registered or who acts in its session."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.identity.subjects import schemas, usecases
from services.identity.subjects.domain.errors import AlreadyRegistered, SubjectNotFound
from services.identity.subjects.entrypoints import SEEN
from shared_components.kernel.acting import OFFICER, Acting
from shared_components.kernel.clock import FixedClock
from shared_components.kernel.method_rules import MethodRule
from tests.unit.identity.conftest import AT
from tests.unit.identity.fakes import YesAuthority
from tests.unit.identity.realms import FIRST, REALM, SECOND, context, create_city, read, register, session_of
from tests.unit.identity.test_subjects import PERSON
from tests.unit.identity.worlds import SqlTransactions

RULE = MethodRule(frozenset(SEEN["basis"]), SEEN["resource"], about=frozenset(SEEN["about"]),
                  roles=frozenset(SEEN["roles"]))


@pytest.fixture
def city(tmp_path: Path) -> Iterator[SqlTransactions]:
    transactions = SqlTransactions(tmp_path, FixedClock(AT))
    create_city(transactions)
    yield transactions
    transactions.database.dispose()


def hidden(city: SqlTransactions, called: object, subject_id: str) -> bool:
    try:
        read(city, called, subject_id)  # type: ignore[arg-type]
    except SubjectNotFound:
        return True
    return False


def test_a_person_registered_by_two_departments_is_one_subject(city: SqlTransactions) -> None:
    first = register(city, context(FIRST))
    second = register(city, context(SECOND, "app-police"))
    assert first.subject_id == second.subject_id
    assert read(city, context(SECOND, "app-police"), first.subject_id) == second
    assert [event["type"] for event in city.events] == ["subject-registered"]


def test_another_name_with_the_same_number_is_refused_without_telling_more(city: SqlTransactions) -> None:
    register(city, context(FIRST))
    with pytest.raises(AlreadyRegistered) as caught:
        register(city, context(SECOND), name="别人")
    assert caught.value.details == {}


def test_an_app_that_has_registered_a_person_is_refused_the_second_time(city: SqlTransactions) -> None:
    for tenant in (FIRST, SECOND):
        register(city, context(tenant))
        with pytest.raises(AlreadyRegistered):
            register(city, context(tenant))


def test_an_app_reads_only_subjects_that_it_registered(city: SqlTransactions) -> None:
    subject_id = register(city, context(FIRST)).subject_id
    assert not hidden(city, context(FIRST), subject_id)
    assert hidden(city, context(FIRST, "app-other"), subject_id)
    assert hidden(city, context(SECOND), subject_id)


def test_an_app_reads_the_subject_that_acts_in_its_session_and_no_other(city: SqlTransactions) -> None:
    mine = register(city, context(FIRST)).subject_id
    other = register(city, context(FIRST), name="王秀兰", id_number="320106196501010019").subject_id
    called = context(SECOND, "app-police", department=SECOND, acting=session_of(mine), rule=RULE)
    assert not hidden(city, called, mine)
    assert hidden(city, called, other)


def test_an_officer_reads_by_role_the_subjects_of_the_own_department(city: SqlTransactions) -> None:
    subject_id = register(city, context(FIRST)).subject_id

    def officer(department: str, *roles: str) -> Acting:
        return Acting("sub_officer", "ses_2", OFFICER, 3, roles=frozenset(roles), department=department)

    def called(tenant: str, *roles: str) -> object:
        return context(tenant, "app-console", department=tenant, acting=officer(tenant, *roles), rule=RULE)

    assert not hidden(city, called(FIRST, "handler"), subject_id)
    assert hidden(city, called(SECOND, "handler"), subject_id)
    register(city, context(SECOND))
    assert not hidden(city, called(SECOND, "handler"), subject_id)


def test_services_read_subjects_of_the_realm_and_of_no_other(city: SqlTransactions) -> None:
    subject_id = register(city, context(FIRST)).subject_id
    for tenant in (FIRST, SECOND, REALM):
        assert not hidden(city, context(tenant, "matter"), subject_id)
    assert hidden(city, context("elsewhere", "matter"), subject_id)


def test_a_sandbox_has_a_population_of_its_own(city: SqlTransactions) -> None:
    subject_id = register(city, context(FIRST)).subject_id
    with city.begin(REALM) as tx:
        one, other = (department.sandbox_tenant for department in tx.departments.active(REALM))
    invented = register(city, context(one)).subject_id
    assert invented != subject_id
    assert register(city, context(other, "app-police-sandbox")).subject_id == invented
    assert hidden(city, context(one, "matter"), subject_id)
    assert hidden(city, context(FIRST, "matter"), invented)


def test_a_document_finds_the_subject_from_every_department(city: SqlTransactions) -> None:
    subject_id = register(city, context(FIRST)).subject_id
    command = schemas.FindSubject().load({"id_number": PERSON["id_number"]})
    with city.begin(SECOND) as tx:
        assert usecases.find_subject(tx, command, context(SECOND, "matter")).subject_id == subject_id


def test_evidence_that_one_department_brings_counts_for_the_other(city: SqlTransactions) -> None:
    subject_id = register(city, context(FIRST)).subject_id
    register(city, context(SECOND))
    command = schemas.AddEvidence().load({"subject_id": subject_id, "kind": "name-number-match"})
    usecases.add_evidence(city, YesAuthority(), command, context(SECOND))
    assert read(city, context(FIRST), subject_id).level == 2
    with city.begin(FIRST) as tx:
        page = usecases.list_evidence(tx, usecases.ListEvidence(subject_id), context(FIRST))
    assert len(page.items) == 1
