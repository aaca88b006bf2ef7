"""The migration of operations on PostgreSQL."""
from __future__ import annotations

import pytest

from tests.unit.db.operations_migration_suite import OperationsMigration


class TestOperationsMigrationOnPostgresql(OperationsMigration):
    @pytest.fixture
    def url(self, postgres_url: str) -> str:
        return postgres_url
