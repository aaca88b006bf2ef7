"""Moving subjects into the population of their realm, and merging those that are one person."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from services.identity.commands.migrate_subjects import move_all
from services.identity.subjects import usecases
from services.identity.subjects.domain.errors import AlreadyRegistered, MergeNotFound, MergeNotPossible
from services.identity.subjects.domain.subject import REGISTERED, Change
from services.identity.subjects.usecases.merge import DecideMerge, ListMerges, MergeSubjects
from services.identity.subjects.usecases.views import MergeView
from shared_components.db import ALL_TENANTS
from shared_components.kernel.clock import FixedClock
from shared_components.kernel.states import IllegalTransition
from tests.unit.identity.conftest import AT
from tests.unit.identity.fakes import YesAuthority
from tests.unit.identity.old_population import add_old, number_of, old_subject
from tests.unit.identity.realms import FIRST, REALM, SECOND, context, create_city, read, register
from tests.unit.identity.worlds import SqlTransactions

OPERATOR = context(REALM, "operator")


@pytest.fixture
def city(tmp_path: Path) -> Iterator[SqlTransactions]:
    transactions = SqlTransactions(tmp_path, FixedClock(AT))
    create_city(transactions)
    yield transactions
    transactions.database.dispose()


def move(city: SqlTransactions, **more: Any) -> tuple[int, int]:
    return move_all(lambda: city.begin("*"), **more)


def add_one(city: SqlTransactions, tenant: str, index: int = 1, **more: Any) -> str:
    subject = replace(old_subject(tenant, index), **more)
    with city.begin(tenant) as tx:
        tx.subjects.add(subject, Change(REGISTERED, "app-hall", AT))
    return subject.subject_id


def to_confirm(city: SqlTransactions, state: str = "proposed") -> list[MergeView]:
    with city.begin(REALM) as tx:
        return list(usecases.list_merges(tx, ListMerges(state), OPERATOR).items)


def confirm(city: SqlTransactions, merge_id: str) -> str:
    with city.begin(REALM) as tx:
        return usecases.confirm_merge(tx, DecideMerge(merge_id, "same person"), OPERATOR).subject_id


def count(city: SqlTransactions, where: str) -> int:
    with city.database.reading(ALL_TENANTS) as session:
        found = session.execute(text(f"SELECT count(*) FROM subject_documents WHERE {where}"))  # noqa: S608 -- ours
        return int(found.scalar_one())


def test_people_of_two_tenants_come_into_one_population_and_doubles_wait(city: SqlTransactions) -> None:
    doubles = add_old(city, 180)
    assert move(city, piece=50) == (180 + doubles, doubles)
    assert count(city, f"population = '{REALM}'") == 180 + doubles
    assert count(city, "population_index IS NULL") == doubles
    assert len(to_confirm(city)) == doubles and all(each.same_name for each in to_confirm(city))
    assert move(city) == (0, 0)


def test_a_dry_run_counts_the_same_and_changes_nothing(city: SqlTransactions) -> None:
    doubles = add_old(city, 60)
    assert move(city, piece=7, write=False) == (60 + doubles, doubles)
    assert count(city, "population IS NOT NULL") == 0 and to_confirm(city) == []


def test_it_is_stopped_in_the_middle_and_goes_on(city: SqlTransactions) -> None:
    doubles = add_old(city, 200)
    begun = 0

    @contextmanager
    def dying() -> Iterator[Any]:
        nonlocal begun
        begun += 1
        with city.begin("*") as tx:
            yield tx
            if begun == 3:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move_all(dying, piece=40)
    assert count(city, "population IS NOT NULL") == 80
    move(city, piece=40)
    assert count(city, "population IS NULL") == 0
    assert len(to_confirm(city)) == doubles


def test_who_registers_while_subjects_are_moved_is_no_obstacle(city: SqlTransactions) -> None:
    old = add_one(city, FIRST, 7)
    new = register(city, context(SECOND), name="张7", id_number=number_of(7)).subject_id
    assert move(city) == (1, 1)
    (merge,) = to_confirm(city)
    assert (merge.subject_id, merge.merged_id) == (new, old)


def test_before_a_subject_is_moved_its_tenant_reads_and_finds_it(city: SqlTransactions) -> None:
    old = add_one(city, FIRST, 7)
    assert read(city, context(FIRST), old).subject_id == old
    with pytest.raises(AlreadyRegistered):
        register(city, context(FIRST), name="张7", id_number=number_of(7))


def test_subjects_of_a_tenant_that_joins_a_realm_later_are_moved(tmp_path: Path) -> None:
    transactions = SqlTransactions(tmp_path, FixedClock(AT))
    subject_id = register(transactions, context(FIRST)).subject_id
    create_city(transactions)
    assert move(transactions) == (1, 0)
    assert register(transactions, context(SECOND)).subject_id == subject_id
    transactions.database.dispose()


def test_a_confirmed_merge_leaves_both_ids_readable_by_who_read_them_before(city: SqlTransactions) -> None:
    first, second = add_one(city, FIRST), add_one(city, SECOND)
    move(city)
    assert confirm(city, to_confirm(city)[0].merge_id) == first
    for tenant in (FIRST, SECOND):
        for subject_id in (first, second):
            assert read(city, context(tenant), subject_id).subject_id == first
            assert read(city, context(tenant, "matter"), subject_id).subject_id == first
    assert [event["type"] for event in city.events] == ["subject-merged"]
    assert city.events[0]["data"]["merged_id"] == second and city.events[0]["tenant"] == SECOND
    with city.begin(SECOND) as tx:
        found = usecases.find_subject(tx, usecases.FindSubject("111", number_of(1)), context(SECOND, "matter"))
    assert found.subject_id == first


def test_evidence_of_both_counts_when_name_and_document_are_equal(city: SqlTransactions) -> None:
    first, second = add_one(city, FIRST), add_one(city, SECOND)
    move(city)
    for tenant, subject_id, kind in ((FIRST, first, "name-number-match"), (SECOND, second, "proof-of-presence")):
        usecases.add_evidence(
            city, YesAuthority(), usecases.AddEvidence(subject_id, kind, {}), context(tenant))
    confirm(city, to_confirm(city)[0].merge_id)
    assert read(city, context(FIRST), first).level == 3
    with city.begin(SECOND) as tx:
        page = usecases.list_evidence(tx, usecases.ListEvidence(second), context(SECOND))
    assert {each.kind for each in page.items} == {"name-number-match", "proof-of-presence"}


def test_a_merge_with_another_name_does_not_lift_the_level(city: SqlTransactions) -> None:
    first, second = add_one(city, FIRST), add_one(city, SECOND, name="张叁")
    move(city)
    usecases.add_evidence(
        city, YesAuthority(), usecases.AddEvidence(second, "proof-of-presence", {}), context(SECOND))
    (merge,) = to_confirm(city)
    assert not merge.same_name
    confirm(city, merge.merge_id)
    assert read(city, context(FIRST), first).level == 1


def test_frozen_wins(city: SqlTransactions) -> None:
    first, second = add_one(city, FIRST), add_one(city, SECOND, state="frozen")
    move(city)
    confirm(city, to_confirm(city)[0].merge_id)
    assert read(city, context(FIRST), first).state == "frozen"
    assert read(city, context(SECOND), second).state == "frozen"


def test_a_refused_merge_leaves_two_subjects_and_is_decided_once(city: SqlTransactions) -> None:
    first, second = add_one(city, FIRST), add_one(city, SECOND)
    move(city)
    (merge,) = to_confirm(city)
    with city.begin(REALM) as tx:
        usecases.refuse_merge(tx, DecideMerge(merge.merge_id, "typing error"), OPERATOR)
    with pytest.raises(IllegalTransition):
        confirm(city, merge.merge_id)
    with pytest.raises(MergeNotFound):
        confirm(city, "mrg_unknown")
    assert read(city, context(FIRST), first).subject_id != read(city, context(SECOND), second).subject_id
    assert to_confirm(city) == [] and to_confirm(city, "refused")[0].reason == "typing error"


def test_an_alias_of_an_alias_leads_to_the_survivor(city: SqlTransactions) -> None:
    one, two, three = (add_one(city, FIRST, index) for index in (1, 2, 3))
    move(city)
    for survivor, merged in ((two, three), (one, two)):
        with city.begin(REALM) as tx:
            usecases.merge_subjects(tx, MergeSubjects(survivor, merged, "same person"), OPERATOR)
    assert read(city, context(FIRST), three).subject_id == one
    with pytest.raises(MergeNotPossible), city.begin(REALM) as tx:
        usecases.merge_subjects(tx, MergeSubjects(three, one, "again"), OPERATOR)


def test_what_cannot_be_one_is_not_merged(city: SqlTransactions) -> None:
    one, other = add_one(city, FIRST, 1), add_one(city, FIRST, 2, population=REALM)
    for survivor, merged in ((one, one), (one, other)):
        with pytest.raises(MergeNotPossible), city.begin(FIRST) as tx:
            usecases.merge_subjects(tx, MergeSubjects(survivor, merged, "x"), context(FIRST, "operator"))


def test_the_history_tells_of_the_merge_on_both_sides(city: SqlTransactions) -> None:
    first, second = add_one(city, FIRST), add_one(city, SECOND)
    move(city)
    confirm(city, to_confirm(city)[0].merge_id)
    for subject_id in (first, second):
        with city.begin(REALM) as tx:
            page = usecases.list_subject_changes(tx, usecases.ListSubjectChanges(subject_id), OPERATOR)
        assert [change.what for change in page.items] == ["subject-merged", "subject-registered"]
        assert page.items[0].facts["reason"] == "same person"
