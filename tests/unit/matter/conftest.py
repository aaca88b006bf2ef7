"""matter's units, once in memory and once on SQLite."""
from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared_components.db import Database, migrate
from shared_components.kernel.clock import FixedClock
from tests.unit.matter.bench import NOW, Bench
from tests.unit.matter.memory import MemoryUnits
from tests.unit.matter.sql import SqlUnits


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrated once, copied for each test."""
    folder = tmp_path_factory.mktemp("matter")
    migrate(f"sqlite:///{folder / 'zhongtai.db'}", "matter")
    return folder / "zhongtai-matter.db"


@pytest.fixture
def sql_units(tmp_sqlite_url: str, tmp_path: Path, migrated_file: Path) -> Iterator[SqlUnits]:
    shutil.copy(migrated_file, tmp_path)
    database = Database(tmp_sqlite_url, "matter")
    yield SqlUnits(database, FixedClock(NOW), tmp_path)
    database.dispose()


@pytest.fixture(params=["memory", "sqlite"])
def units(request: pytest.FixtureRequest) -> MemoryUnits | SqlUnits:
    """The same test over both."""
    if request.param == "memory":
        return MemoryUnits(FixedClock(NOW))
    found: SqlUnits = request.getfixturevalue("sql_units")
    return found


@pytest.fixture
def bench(units: MemoryUnits | SqlUnits) -> Bench:
    return Bench(units)
