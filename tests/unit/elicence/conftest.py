from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.elicence.world import World, database_world, memory_world


@pytest.fixture(params=["memory", "sqlite"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    """Every test runs on both: what holds for the fake holds for the database."""
    if request.param == "memory":
        made = memory_world()
    else:
        made = database_world(f"sqlite:///{tmp_path / 'zhongtai.db'}", tmp_path)
    made.put_type()
    return made
