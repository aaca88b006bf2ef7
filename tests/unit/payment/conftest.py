"""Payment's units, once in memory and once on SQLite."""
from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared_components.db import Database, migrate
from shared_components.kernel.clock import FixedClock
from tests.unit.payment.memory import MemoryTransactions
from tests.unit.payment.world import FakeChannel, FakeChannels, SqlTransactions, fixed_clock


@pytest.fixture
def clock() -> FixedClock:
    return fixed_clock()


@pytest.fixture
def channels() -> FakeChannels:
    return FakeChannels()


@pytest.fixture
def channel(channels: FakeChannels) -> FakeChannel:
    return channels.sandbox


@pytest.fixture
def recorded() -> list[dict[str, Any]]:
    """The events of committed units."""
    return []


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrated once, copied for each test."""
    folder = tmp_path_factory.mktemp("payment")
    migrate(f"sqlite:///{folder / 'zhongtai.db'}", "payment")
    return folder / "zhongtai-payment.db"


@pytest.fixture
def sql_transactions(
    tmp_sqlite_url: str, tmp_path: Path, migrated_file: Path, clock: FixedClock, recorded: list[dict[str, Any]],
    channels: FakeChannels,
) -> Iterator[SqlTransactions]:
    shutil.copy(migrated_file, tmp_path)
    database = Database(tmp_sqlite_url, "payment")
    yield SqlTransactions(database, clock, recorded, channels, tmp_path)
    database.dispose()


@pytest.fixture(params=["memory", "sqlite"])
def transactions(
    request: pytest.FixtureRequest, clock: FixedClock, recorded: list[dict[str, Any]], channels: FakeChannels
) -> Any:
    if request.param == "memory":
        return MemoryTransactions(clock, recorded, channels)
    return request.getfixturevalue("sql_transactions")
