"""The database of tests/unit/db, on PostgreSQL, by a role that row security binds."""
from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared_components.db import Database, migrate
from tests.unit.db.conftest import notes_package as notes_package


@pytest.fixture
def database(postgres_url: str, notes_package: str) -> Iterator[Database]:
    migrate(postgres_url, "notes", package=notes_package)
    database = Database(postgres_url, "notes", pool_size=3, pool_timeout_s=0.5, lock_timeout_s=0.5,
                        statement_timeout_s=1.0)
    yield database
    database.dispose()
