"""The population of a realm on PostgreSQL: the same behaviour under row-level security."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from shared_components.db import migrate
from shared_components.kernel.clock import FixedClock
from tests.unit.identity import test_population
from tests.unit.identity.conftest import AT
from tests.unit.identity.realms import FIRST, SECOND, context, create_city, register
from tests.unit.identity.worlds import SqlTransactions

pytestmark = pytest.mark.integration
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
