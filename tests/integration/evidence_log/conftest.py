"""The world of the evidence log on PostgreSQL, by a role that row security binds."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from shared_components.db import Database, migrate
from shared_components.devstack.postgresql import PrivatePostgreSQL
from shared_components.security import Secrets
from tests.evidence_attacks import Attacker
from tests.unit.evidence_log.conftest import evidence_package as evidence_package
from tests.unit.evidence_log.conftest import secrets_with_new_key as secrets_with_new_key
from tests.unit.evidence_log.conftest import secrets_without_old_key as secrets_without_old_key
from tests.unit.evidence_log.world import SERVICE, World


@pytest.fixture
def world(
    postgres_url: str, postgres: PrivatePostgreSQL, tmp_path: Path, evidence_package: str,
) -> Iterator[World]:
    migrate(postgres_url, SERVICE, package=evidence_package)
    database = Database(postgres_url, SERVICE)
    root = create_engine(postgres.url_for(str(database.url.database), role="postgres"))
    yield World(database, Secrets.for_development(tmp_path), Attacker(root, SERVICE))
    root.dispose()
    database.dispose()
