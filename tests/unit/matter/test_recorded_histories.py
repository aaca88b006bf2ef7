"""No new code and no new definition breaks a running case: recorded histories go on from each of their points."""
from __future__ import annotations

import copy
import shutil
from pathlib import Path

import pytest

from shared_components.db import Database
from shared_components.kernel.clock import FixedClock
from tests.unit.matter import histories
from tests.unit.matter.bench import NOW
from tests.unit.matter.sql import SqlTransactions

HISTORIES = {path.stem: histories.read(path) for path in sorted(histories.FOLDER.glob("*.jsonl"))}
POINTS = [(name, number) for name, history in HISTORIES.items() for number in range(len(history) - 2)]


def test_there_are_histories_of_each_story_and_way() -> None:
    assert {history[0]["story"] for history in HISTORIES.values()} == set(histories.STORIES)
    assert {name.rpartition("-")[2] for name in HISTORIES} == {"queue", "once"}


@pytest.mark.parametrize(("name", "number"), POINTS)
def test_a_recorded_case_goes_on_to_the_end_it_had(
    name: str, number: int, tmp_sqlite_url: str, tmp_path: Path, migrated_file: Path,
) -> None:
    """With the operations that it had, each once: what was asked is asked again in the same words."""
    shutil.copy(migrated_file, tmp_path)
    database = Database(tmp_sqlite_url, "matter")
    history = HISTORIES[name]
    bench, case_id = histories.replay(
        copy.deepcopy(history), number, SqlTransactions(database, FixedClock(NOW), tmp_path))
    histories.finish(bench, history[0]["story"], case_id)
    end = histories.end_of(bench, case_id)
    database.dispose()
    assert end == history[-1]
    assert set(bench.world.effects.values()) == {1}
