from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared_components.kernel.clock import FixedClock
from tests.unit.identity.fakes import MemoryTransactions
from tests.unit.identity.worlds import SqlTransactions, World

AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


@pytest.fixture(params=["memory", "sqlite"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    clock = FixedClock(AT)
    if request.param == "memory":
        yield World(MemoryTransactions(clock), clock)
        return
    transactions = SqlTransactions(tmp_path, clock)
    yield World(transactions, clock)
    transactions.database.dispose()
