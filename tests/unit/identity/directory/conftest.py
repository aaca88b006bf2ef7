from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared_components.kernel.clock import FixedClock
from tests.unit.identity.conftest import AT
from tests.unit.identity.directory.world import Directory
from tests.unit.identity.worlds import SqlTransactions


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Directory]:
    transactions = SqlTransactions(tmp_path, FixedClock(AT))
    yield Directory(transactions)
    transactions.database.dispose()
