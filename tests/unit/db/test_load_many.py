"""Reads for a group on SQLite."""
from __future__ import annotations

from tests.unit.db.load_many_suite import LoadAnywhere


class TestLoadManyOnSqlite(LoadAnywhere):
    pass
