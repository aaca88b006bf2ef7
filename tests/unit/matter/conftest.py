"""matter's transactions, once in memory and once on SQLite."""
from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared_components.db import Database, migrate
from shared_components.kernel.clock import FixedClock
from tests.unit.matter.bench import NOW, Bench
from tests.unit.matter.memory import MemoryTransactions
from tests.unit.matter.sql import SqlTransactions


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrated once, copied for each test."""
    folder = tmp_path_factory.mktemp("matter")
    migrate(f"sqlite:///{folder / 'zhongtai.db'}", "matter")
    return folder / "zhongtai-matter.db"


@pytest.fixture
def sql_transactions(tmp_sqlite_url: str, tmp_path: Path, migrated_file: Path) -> Iterator[SqlTransactions]:
    shutil.copy(migrated_file, tmp_path)
    database = Database(tmp_sqlite_url, "matter")
    yield SqlTransactions(database, FixedClock(NOW), tmp_path)
    database.dispose()


@pytest.fixture(params=["memory", "sqlite"])
def transactions(request: pytest.FixtureRequest) -> MemoryTransactions | SqlTransactions:
    """The same test over both."""
    if request.param == "memory":
        return MemoryTransactions(FixedClock(NOW))
    found: SqlTransactions = request.getfixturevalue("sql_transactions")
    return found


@pytest.fixture
def bench(transactions: MemoryTransactions | SqlTransactions) -> Bench:
    return Bench(transactions)
