from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared_components.kernel.clock import FixedClock
from tests.unit.identity.fakes import MemoryUnits
from tests.unit.identity.worlds import SqlUnits, World

AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


@pytest.fixture(params=["memory", "sqlite"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    clock = FixedClock(AT)
    if request.param == "memory":
        yield World(MemoryUnits(clock), clock)
        return
    units = SqlUnits(tmp_path, clock)
    yield World(units, clock)
    units.database.dispose()
