"""The migration of operations to a key with the acting person, on whichever database the subclass gives (`url`)."""
from __future__ import annotations

import pytest

from shared_components.db import ALL_TENANTS, Database, KeyTaken, migrate, operations
from tests.cases.migrations import run_sql

BEFORE, AFTER = "0003", "0004"
# As processes of the version before write: they do not know the new columns.
OLD_INSERT = ("INSERT INTO operations (caller, op_id, method, request_hash, reply, created_at) "
              "VALUES ('gateway', '{op_id}', 'register_person', 'hash', 'reply', '2026-05-01 12:00:00.000000')")


class OperationsMigration:
    def test_old_rows_are_those_of_calls_without_a_person(self, url: str) -> None:
        migrate(url, "identity", to=BEFORE)
        run_sql(url, "identity", OLD_INSERT.format(op_id="op-1"))
        migrate(url, "identity", to=AFTER)
        database = Database(url, "identity")
        with database.reading(ALL_TENANTS) as session:
            found = operations.find(session, [("gateway", "", "", "op-1"), ("gateway", "sub_1", "", "op-1")])
        database.dispose()
        assert list(found) == [("gateway", "", "", "op-1")]

    def test_a_process_of_the_version_before_may_still_write_once(self, url: str) -> None:
        migrate(url, "identity", to=AFTER)
        run_sql(url, "identity", OLD_INSERT.format(op_id="op-2"))
        with pytest.raises(KeyTaken):
            run_sql(url, "identity", OLD_INSERT.format(op_id="op-2"))
