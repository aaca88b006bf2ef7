"""The books under random histories, in memory and on SQLite."""
from __future__ import annotations

import functools
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import settings

from shared_components.db import Database, migrate
from shared_components.kernel.clock import FixedClock
from tests.unit.payment.ledger.books_model import BooksMachine
from tests.unit.payment.memory import MemoryTransactions
from tests.unit.payment.world import FakeChannels, SqlTransactions


class MemoryBooks(BooksMachine):
    def make_units(self, clock: FixedClock, channels: FakeChannels) -> Any:
        return MemoryTransactions(clock, [], channels)


class SqliteBooks(BooksMachine):
    def make_units(self, clock: FixedClock, channels: FakeChannels) -> Any:
        self._folder = tempfile.TemporaryDirectory()
        shutil.copy(f"{_migrated().name}/zhongtai-payment.db", self._folder.name)
        self._database = Database(f"sqlite:///{self._folder.name}/zhongtai.db", "payment")
        return SqlTransactions(self._database, clock, [], channels, Path(self._folder.name))

    def teardown(self) -> None:
        self._database.dispose()
        self._folder.cleanup()


@functools.cache
def _migrated() -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory(prefix="zhongtai-books-")
    migrate(f"sqlite:///{folder.name}/zhongtai.db", "payment")
    return folder


TestMemoryBooks = MemoryBooks.TestCase
TestMemoryBooks.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestSqliteBooks = SqliteBooks.TestCase
TestSqliteBooks.settings = settings(max_examples=12, stateful_step_count=20, deadline=None)
