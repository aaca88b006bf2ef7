"""Short form: a job is killed at every row. `make faults` runs the whole one. A failure shows the account."""
from __future__ import annotations

from pathlib import Path

import pytest

from shared_components.db import migrate
from tests.faults.experiments.r30_jobs_killed import killed_at_each_row
from tests.faults.job_lives import Lives, by_chance

pytestmark = pytest.mark.integration


def test_a_job_that_is_killed_at_every_row_sends_each_once(postgres_url: str, tmp_path: Path) -> None:
    migrate(postgres_url, "notification")
    counts, wrong = killed_at_each_row(Lives(postgres_url, tmp_path, 8))
    assert wrong == [], counts
    assert [count for end, count in counts.items() if end.startswith("killed")] == [8, 8, 8]


def test_with_ids_of_chance_rows_are_sent_twice(postgres_url: str, tmp_path: Path) -> None:
    migrate(postgres_url, "notification")
    _, wrong = killed_at_each_row(Lives(postgres_url, tmp_path, 2, by_chance))
    assert any("times" in one for one in wrong)
