"""Reads of a group on PostgreSQL: the suite of tests/unit/db, and how many statements lists take."""
from __future__ import annotations

from shared_components.db import Database
from tests.unit.db.load_many_suite import LoadAnywhere, context


class TestLoadManyOnPostgresql(LoadAnywhere):
    def test_lists_with_the_same_filters_and_limit_share_a_statement(self, database: Database) -> None:
        self.listed(database, *[(context(), {"subject": f"other{n}"}, 9) for n in range(50)])
        assert len(self.statements) == 1
        self.listed(database, *[(context(), {"subject": f"other{n}", "largest": n % 2 or None}, 9) for n in range(50)])
        assert len(self.statements) == 2
