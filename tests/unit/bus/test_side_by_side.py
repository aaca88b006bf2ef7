"""Several things that wait for the outside at once, in a process of its own, since eventlet patches all of one."""
from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from shared_components.bus import side_by_side

PROGRAM = """
from shared_components.bus.green.patching import patch
patch()
import json, sys, time
from shared_components.bus import side_by_side

def wait(tenths):
    time.sleep(tenths / 10)
    return tenths * 2

began = time.monotonic()
groups = list(side_by_side(wait, [3, 1, 1, 3]))
took = time.monotonic() - began

def fail(tenths):
    wait(tenths)
    raise KeyboardInterrupt if tenths == 2 else ValueError

try:
    list(side_by_side(fail, [2, 5]))
    told = None
except KeyboardInterrupt:
    told = "first"
sys.stdout.write(json.dumps({"groups": groups, "took": took, "told": told}))
"""


@pytest.fixture(scope="module")
def seen() -> Any:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=True)
    return json.loads(done.stdout)


def test_items_are_done_at_once_and_handed_over_as_they_get_done(seen: Any) -> None:
    assert [one for group in seen["groups"] for one in group] == [[1, 2], [1, 2], [3, 6], [3, 6]]
    assert len(seen["groups"]) > 1
    assert seen["took"] < 0.8


def test_the_first_error_is_raised_and_nobody_waits_for_the_rest(seen: Any) -> None:
    assert seen["told"] == "first"


def test_where_nothing_is_green_one_item_is_done_after_the_other() -> None:
    assert list(side_by_side(lambda number: number + 1, [1, 2])) == [[(1, 2), (2, 3)]]
    assert list(side_by_side(lambda number: number, [])) == []
