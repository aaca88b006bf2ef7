"""The world of the evidence log on SQLite."""
from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from shared_components.db import Database, migrate
from shared_components.security import Secrets
from shared_components.security.keys import KEY_BYTES, format_key, parse_key_ring
from tests.evidence_attacks import Attacker
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
    yield World(database, Secrets.for_development(tmp_path), Attacker(create_engine(database.url), SERVICE))
    database.dispose()


def _ring(tmp_path: Path, *versions: int) -> Secrets:
    """A ring of these versions; version 1 is that of the world."""
    first = (tmp_path / "master.key").read_text().strip()
    lines = {1: first, 2: format_key(2, b"2" * KEY_BYTES)}
    ring = "\n".join(lines[version] for version in versions)
    return Secrets(parse_key_ring(ring, configuration_key="security.master_key"), blind_index_key_version=versions[0])


@pytest.fixture
def secrets_with_new_key(tmp_path: Path, world: World) -> Secrets:
    return _ring(tmp_path, 1, 2)


@pytest.fixture
def secrets_without_old_key(tmp_path: Path, world: World) -> Secrets:
    return _ring(tmp_path, 2)
