"""The service's real parts on SQLite; only the mail server is a fake."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared_components.db import migrate
from tests.unit.notification.world import World, make_world


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("migrated")
    migrate(f"sqlite:///{folder}/zhongtai.db", "notification")
    return folder / "zhongtai-notification.db"


@pytest.fixture
def world(migrated: Path, tmp_path: Path) -> Iterator[World]:
    (tmp_path / migrated.name).write_bytes(migrated.read_bytes())
    with make_world(f"sqlite:///{tmp_path}/zhongtai.db", tmp_path) as world:
        yield world
