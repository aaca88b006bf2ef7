"""The same promises on PostgreSQL, where lists of a group are one statement."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared_components.db import Database, migrate
from shared_components.kernel.clock import FixedClock
from tests.unit.matter.bench import NOW
from tests.unit.matter.sql import SqlTransactions
from tests.unit.matter.test_who_sees_a_case import (  # noqa: F401
    copies,
    test_a_write_reaches_what_the_model_says_and_hidden_looks_like_unknown,
    test_an_officer_at_a_console_reads_cases_of_the_own_department_and_no_other,
    test_each_call_of_a_shared_group_gets_its_own_cases_and_no_other,
    test_lists_of_a_shared_group_hold_what_the_slow_model_says,
    test_pages_are_full_until_the_last_though_others_cases_lie_between,
)
from tests.unit.matter.town import Town, settle

pytestmark = pytest.mark.integration


@pytest.fixture
def town(postgres_url: str, tmp_path: Path) -> Iterator[Town]:
    migrate(postgres_url, "matter")
    database = Database(postgres_url, "matter")
    yield settle(SqlTransactions(database, FixedClock(NOW), tmp_path))
    database.dispose()
