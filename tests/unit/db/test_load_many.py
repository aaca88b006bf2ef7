"""Reads of a group on SQLite; tests/integration/db has them on PostgreSQL."""
from __future__ import annotations

from tests.unit.db.load_many_suite import LoadMany
from tests.unit.db.load_many_suite import (
    test_a_call_sees_rows_of_its_tenant_subject_and_makers as test_a_call_sees_rows_of_its_tenant_subject_and_makers,
)


class TestLoadManyOnSqlite(LoadMany):
    pass
