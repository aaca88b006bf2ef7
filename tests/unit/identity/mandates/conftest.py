from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared_components.kernel.clock import FixedClock
from shared_components.security.authority.copies import NO_COPIES, keep_copies
from tests.unit.identity.conftest import AT
from tests.unit.identity.mandates.world import Mandates
from tests.unit.identity.worlds import SqlTransactions


@pytest.fixture
def mandates(tmp_path: Path) -> Iterator[Mandates]:
    clock = FixedClock(AT)
    transactions = SqlTransactions(tmp_path, clock)
    yield Mandates(transactions, clock)
    keep_copies(NO_COPIES)
    transactions.database.dispose()
