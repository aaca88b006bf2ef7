"""On PostgreSQL the statements of the engine do not grow with the number of cases that are due at once."""
from __future__ import annotations

from pathlib import Path

import pytest

from shared_components.db import Database, migrate
from shared_components.kernel.clock import FixedClock
from tests.unit.matter.bench import NOW, Bench
from tests.unit.matter.sql import SqlTransactions
from tests.unit.matter.test_statements import CASES, engine_work


@pytest.mark.integration
def test_many_cases_cost_the_statements_of_one(postgres_url: str, tmp_path: Path) -> None:
    migrate(postgres_url, "matter")
    database = Database(postgres_url, "matter")
    bench = Bench(SqlTransactions(database, FixedClock(NOW), tmp_path))
    alone, together = engine_work(bench, 1), engine_work(bench, CASES)
    database.dispose()
    assert together.statements == alone.statements <= 64
