"""Moving subjects into their population on PostgreSQL, with many of them, and beside the version before."""
from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from services.identity.commands.migrate_subjects import move_all
from shared_components.db import ALL_TENANTS, migrate
from shared_components.kernel.clock import FixedClock
from tests.unit.identity import test_move_subjects
from tests.unit.identity.conftest import AT
from tests.unit.identity.old_population import add_old
from tests.unit.identity.realms import FIRST, create_city
from tests.unit.identity.test_move_subjects import add_one, count, move
from tests.unit.identity.worlds import SqlTransactions

pytestmark = pytest.mark.integration
SIZE = int(os.environ.get("ZHONGTAI_TEST_SUBJECTS", "3000"))
"""100000 rehearses a city; it takes minutes, most of them for making the population."""
BEHAVIOURS = [
    getattr(test_move_subjects, name) for name in dir(test_move_subjects)
    if name.startswith("test_") and "joins_a_realm_later" not in name]
# The statement by which the version before reads a subject.
AS_BEFORE = text(
    "SELECT s.subject_id FROM subjects s JOIN subject_documents d ON d.subject_id = s.subject_id "
    "AND d.id_type = s.primary_id_type WHERE s.tenant_id = :tenant AND s.subject_id = :subject_id")


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


def test_the_version_before_reads_a_subject_that_was_moved(city: SqlTransactions) -> None:
    subject_id = add_one(city, FIRST)
    move(city)
    with city.database.reading([FIRST]) as session:
        found = session.execute(AS_BEFORE, {"tenant": FIRST, "subject_id": subject_id}).scalar_one()
    assert found == subject_id


@pytest.mark.slow
@pytest.mark.timeout(120 + SIZE // 50)
def test_thousands_are_moved_although_it_is_killed_in_the_middle(
    city: SqlTransactions, record_property: Callable[[str, object], None],
) -> None:
    doubles = add_old(city, SIZE)
    stop_after = SIZE // 1_000
    begun = 0

    @contextmanager
    def dying() -> Iterator[Any]:
        nonlocal begun
        begun += 1
        with city.begin("*") as tx:
            yield tx
            if begun > stop_after:
                raise KeyboardInterrupt

    started = time.perf_counter()
    with pytest.raises(KeyboardInterrupt):
        move_all(dying)
    moved, _ = move(city)
    took = time.perf_counter() - started
    assert 0 < moved < SIZE + doubles
    assert count(city, "population IS NULL") == 0
    assert count(city, "population_index IS NULL") == doubles
    with city.database.reading(ALL_TENANTS) as session:
        assert session.execute(text("SELECT count(*) FROM subject_merges")).scalar_one() == doubles
    record_property("subjects_per_s", round((SIZE + doubles) / took))
    print(f"{SIZE + doubles} subjects in {took:.1f} s")
