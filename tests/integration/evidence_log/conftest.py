"""The world of the evidence log on PostgreSQL, by a role that row security binds."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared_components.db import Database, migrate
from shared_components.security import Secrets
from tests.unit.evidence_log.conftest import evidence_package as evidence_package
from tests.unit.evidence_log.world import SERVICE, World


@pytest.fixture
def world(postgres_url: str, tmp_path: Path, evidence_package: str) -> Iterator[World]:
    migrate(postgres_url, SERVICE, package=evidence_package)
    database = Database(postgres_url, SERVICE)
    yield World(database, Secrets.for_development(tmp_path))
    database.dispose()
