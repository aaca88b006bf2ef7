"""The migration of operations on SQLite."""
from __future__ import annotations

from tests.unit.db.operations_migration_suite import OperationsMigration


class TestOperationsMigration(OperationsMigration):
    pass
