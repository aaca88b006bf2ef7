"""The platform's tables on SQLite; tests/integration/db runs the same suite on PostgreSQL."""
from __future__ import annotations

from tests.unit.db.platform_suite import PlatformTables


class TestPlatformTablesOnSqlite(PlatformTables):
    pass
