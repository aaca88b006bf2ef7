"""The world of the evidence log on SQLite."""
from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared_components.db import Database, migrate
from shared_components.security import Secrets
from tests.unit.evidence_log.world import SERVICE, World, make_package


@pytest.fixture(scope="session")
def evidence_package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("packages")
    sys.path.insert(0, str(folder))
    yield make_package(folder)
    sys.path.remove(str(folder))


@pytest.fixture
def world(tmp_path: Path, evidence_package: str) -> Iterator[World]:
    url = f"sqlite:///{tmp_path}/zhongtai.db"
    migrate(url, SERVICE, package=evidence_package)
    database = Database(url, SERVICE)
    yield World(database, Secrets.for_development(tmp_path))
    database.dispose()
