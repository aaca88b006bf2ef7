"""Identity on PostgreSQL: the same behaviour, and what only concurrency and row security show."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import event, text

from services.identity.subjects import schemas
from services.identity.subjects.domain.errors import AlreadyRegistered
from shared_components.db import migrate
from shared_components.db.migrate import drift
from shared_components.kernel.clock import FixedClock
from tests.unit.identity import test_evidence, test_subjects
from tests.unit.identity.conftest import AT
from tests.unit.identity.test_evidence import add
from tests.unit.identity.test_subjects import register
from tests.unit.identity.worlds import SqlTransactions, World, subject_of

pytestmark = pytest.mark.integration
WORKERS = 8
SAME_AS_ELSEWHERE = [
    test_subjects.test_get_gives_what_registering_gave,
    test_subjects.test_the_same_document_is_refused_without_telling_of_the_first,
    test_subjects.test_two_registrations_at_once_leave_one,
    test_subjects.test_another_tenant_has_its_own_subjects,
    test_subjects.test_a_subject_is_found_by_its_document,
    test_subjects.test_closed_is_final_and_history_is_kept,
    test_evidence.test_lin_jing_reaches_level_three,
    test_evidence.test_the_same_operation_counts_once_even_after_a_crash_before_its_record,
    test_evidence.test_a_subject_frozen_while_the_authority_is_asked_gets_no_evidence,
    test_evidence.test_evidence_that_ends_lowers_the_level_by_itself,
    test_evidence.test_the_history_is_paged,
]


@pytest.fixture
def transactions(postgres_url: str, tmp_path: Path) -> Iterator[SqlTransactions]:
    migrate(postgres_url, "identity")
    transactions = SqlTransactions(tmp_path, FixedClock(AT), url=postgres_url)
    yield transactions
    transactions.database.dispose()


@pytest.fixture
def world(transactions: SqlTransactions) -> World:
    return World(transactions, FixedClock(AT))


@pytest.mark.parametrize("behaviour", SAME_AS_ELSEWHERE, ids=lambda test: test.__name__)
def test_behaves_as_elsewhere(transactions: SqlTransactions, behaviour: Callable[[World], None]) -> None:
    clock = FixedClock(AT)
    transactions.clock = clock
    behaviour(World(transactions, clock))


def test_the_migration_makes_the_tables_of_the_models(world: World, postgres_url: str) -> None:
    assert drift(postgres_url, "identity") == []


def test_of_many_who_register_one_document_one_succeeds(world: World) -> None:
    def attempt(_: int) -> bool:
        try:
            register(world)
        except AlreadyRegistered:
            return False
        return True

    with ThreadPoolExecutor(WORKERS) as pool:
        assert list(pool.map(attempt, range(WORKERS * 2))).count(True) == 1


def test_evidence_added_at_once_is_all_counted(world: World) -> None:
    subject_id = register(world).subject_id

    def attempt(number: int) -> int:
        return int(add(world, subject_id, "name-number-match", op_id=f"op-{number}").level)

    with ThreadPoolExecutor(WORKERS) as pool:
        assert set(pool.map(attempt, range(WORKERS))) == {2}
    assert world.transactions.changes.count("evidence-added") == WORKERS
    assert [event["type"] for event in world.transactions.events].count("level-raised") == 1


def test_row_security_hides_subjects_from_another_tenant(world: World, transactions: SqlTransactions) -> None:
    register(world)
    seen = {}
    for tenant in ("t1", "t2"):
        with transactions.database.reading([tenant]) as session:
            seen[tenant] = [session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608
                            for table in ("subjects", "subject_documents", "subject_changes")]
    assert seen == {"t1": [1, 1, 1], "t2": [0, 0, 0]}


def test_reading_costs_one_statement_however_long_the_history(world: World, transactions: SqlTransactions) -> None:
    subject_id = register(world).subject_id
    counts = []
    for batch in range(2):
        executed: list[str] = []
        with transactions.begin("t1") as tx:
            connection = tx.subjects._session.connection()
            event.listen(connection, "before_cursor_execute", lambda *given, into=executed: into.append(given[2]))
            subject_of(tx, world.call(schemas.BySubject, subject_id=subject_id))
        counts.append(len([statement for statement in executed if statement != "COMMIT"]))
        for number in range(20):
            add(world, subject_id, "name-number-match", op_id=f"op-{batch}-{number}")
    assert counts == [1, 1]
