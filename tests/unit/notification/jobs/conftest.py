"""The small world with a store for files."""
from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.notification.jobs.world import JobWorld
from tests.unit.notification.world import World


@pytest.fixture
def jobs(world: World, tmp_path: Path) -> JobWorld:
    return JobWorld.of(world, tmp_path)
