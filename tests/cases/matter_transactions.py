"""matter's transactions in memory, on SQLite and on PostgreSQL: import `transactions` where a test wants the three."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared_components.db import Database, migrate
from shared_components.kernel.clock import FixedClock
from tests.unit.matter.memory import MemoryTransactions
from tests.unit.matter.sql import SqlTransactions

NOW = datetime(2025, 6, 2, 1, 0, tzinfo=UTC)
AnyTransactions = MemoryTransactions | SqlTransactions


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.integration)])
def transactions(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AnyTransactions]:
    """PostgreSQL too: its row-level security shows a transaction one tenant's rows and no more.

    There is no engine: what comes due stays due.
    """
    if request.param == "memory":
        memory = MemoryTransactions(FixedClock(NOW))
        memory.room = 0
        yield memory
        return
    url = str(request.getfixturevalue({"sqlite": "tmp_sqlite_url", "postgres": "postgres_url"}[request.param]))
    migrate(url, "matter")
    database = Database(url, "matter")
    stored = SqlTransactions(database, FixedClock(NOW), tmp_path)
    stored.room = 0
    yield stored
    database.dispose()
