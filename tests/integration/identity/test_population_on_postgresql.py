"""The population of a realm on PostgreSQL: the same behaviour under row-level security."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from services.identity.commands.migrate_subjects import move_all
from services.identity.subjects.domain.errors import AlreadyRegistered
from services.identity.transaction import SqlIdentityTransaction
from shared_components.db import migrate
from shared_components.kernel.clock import FixedClock
from tests.unit.identity import test_population
from tests.unit.identity.conftest import AT
from tests.unit.identity.old_population import number_of
from tests.unit.identity.realms import FIRST, SECOND, context, create_city, register
from tests.unit.identity.test_move_subjects import add_one, to_confirm
from tests.unit.identity.worlds import SqlTransactions

pytestmark = pytest.mark.integration
WORKERS = 8
BEHAVIOURS = [getattr(test_population, name) for name in dir(test_population) if name.startswith("test_")]


@pytest.fixture
def city(postgres_url: str, tmp_path: Path) -> Iterator[SqlTransactions]:
    migrate(postgres_url, "identity")
    transactions = SqlTransactions(tmp_path, FixedClock(AT), url=postgres_url)
    create_city(transactions)
    yield transactions
    transactions.database.dispose()


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda test: test.__name__)
def test_behaves_as_elsewhere(city: SqlTransactions, behaviour: Callable[[SqlTransactions], None]) -> None:
    behaviour(city)


def test_row_security_shows_a_population_to_its_realm_alone(city: SqlTransactions) -> None:
    register(city, context(FIRST))
    seen = {}
    for tenant in (FIRST, SECOND, "elsewhere"):
        with city.database.reading([tenant]) as session:
            seen[tenant] = [
                session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608 -- table names of ours
                for table in ("subjects", "subject_documents", "subject_changes")]
    assert seen == {FIRST: [1, 1, 1], SECOND: [1, 1, 1], "elsewhere": [0, 0, 0]}


def test_of_two_departments_that_register_one_person_at_once_both_come_to_one_subject(city: SqlTransactions) -> None:
    def attempt(number: int) -> str | None:
        try:
            return register(city, context((FIRST, SECOND)[number % 2], f"app-{number}")).subject_id
        except AlreadyRegistered:
            return None

    with ThreadPoolExecutor(WORKERS) as pool:
        first = [each for each in pool.map(attempt, range(WORKERS)) if each is not None]
    again = [each for number in range(WORKERS) if (each := attempt(number)) is not None]
    assert len({*first, *again}) == 1
    assert len(first) + len(again) == WORKERS


def test_a_document_registered_while_its_piece_is_moved_makes_the_piece_begin_anew(city: SqlTransactions) -> None:
    old = add_one(city, FIRST, 7)
    new: list[str] = []

    @contextmanager
    def raced() -> Iterator[SqlIdentityTransaction]:
        with city.begin("*") as tx:
            move = tx.moves.move
            if not new:
                def register_first(*given: Any, **more: Any) -> None:
                    new.append(register(city, context(SECOND), name="张7", id_number=number_of(7)).subject_id)
                    move(*given, **more)

                tx.moves.move = register_first  # type: ignore[method-assign]
            yield tx

    assert move_all(raced) == (1, 1)
    (merge,) = to_confirm(city)
    assert (merge.subject_id, merge.merged_id) == (new[0], old)
