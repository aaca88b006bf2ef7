"""The store passes the suite that the platform's own store passes."""
from __future__ import annotations

from pathlib import Path

import pytest
from sqlite_store import SqliteStore

from shared_components.testing.ports.materials import MaterialStoreSuite


class TestSqliteStore(MaterialStoreSuite):
    @pytest.fixture
    def store(self, tmp_path: Path) -> SqliteStore:
        return SqliteStore(tmp_path / "materials.db")
