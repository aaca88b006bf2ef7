from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared_components.kernel.clock import FixedClock
from shared_components.security.authority.copies import NO_COPIES, keep_copies
from tests.unit.identity.conftest import AT
from tests.unit.identity.openid.world import Login
from tests.unit.identity.worlds import SqlTransactions


@pytest.fixture
def login(tmp_path: Path) -> Iterator[Login]:
    clock = FixedClock(AT)
    transactions = SqlTransactions(tmp_path, clock)
    yield Login(transactions, clock)
    transactions.database.dispose()
    keep_copies(NO_COPIES)
