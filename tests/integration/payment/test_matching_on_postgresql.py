"""PostgreSQL compares whole sets as the domain does one by one."""
from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from tests.integration.payment.conftest import empty
from tests.unit.payment.reconciliation.test_matching import SETTINGS, WORLDS, compare_with_memory
from tests.unit.payment.world import SqlTransactions

pytestmark = pytest.mark.integration


@given(world=WORLDS)
@settings(SETTINGS, max_examples=8)
def test_sets_are_compared_as_one_by_one(world: list[dict[str, Any]], transactions: SqlTransactions) -> None:
    compare_with_memory(world, transactions, lambda sql: empty(sql.database))
