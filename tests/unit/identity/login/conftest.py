from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared_components.kernel.clock import FixedClock
from shared_components.security.authority.copies import NO_COPIES, keep_copies
from tests.unit.identity.conftest import AT
from tests.unit.identity.login.world import Logins
from tests.unit.identity.worlds import SqlTransactions


@pytest.fixture
def logins(tmp_path: Path) -> Iterator[Logins]:
    clock = FixedClock(AT)
    transactions = SqlTransactions(tmp_path, clock)
    yield Logins(transactions, clock)
    transactions.database.dispose()
    keep_copies(NO_COPIES)
