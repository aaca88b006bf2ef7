"""Where a test can have a process end."""
from __future__ import annotations

import subprocess
import sys

import pytest

from shared_components.bus.server import crash_points

REACH_THREE_TIMES = """
from shared_components.bus.server import crash_points
for number in range(3):
    crash_points.reach("after-commit")
    crash_points.reach("before-commit")
    print(number, flush=True)
"""


def run(setting: str | None) -> subprocess.CompletedProcess[str]:
    environment = {crash_points.VARIABLE: setting} if setting else {}
    return subprocess.run(
        [sys.executable, "-c", REACH_THREE_TIMES], env=environment, capture_output=True, text=True, check=False)


def test_without_the_variable_nothing_happens() -> None:
    assert run(None).stdout.split() == ["0", "1", "2"]
    assert crash_points.reach is crash_points._do_nothing


def test_the_process_ends_the_nth_time() -> None:
    ended = run("before-commit:2")
    assert (ended.returncode, ended.stdout.split()) == (crash_points.EXIT_CODE, ["0"])


@pytest.mark.parametrize("setting", ["nowhere:1", "before-commit", "before-commit:0", "before-commit:x"])
def test_a_wrong_setting_says_what_is_allowed(setting: str) -> None:
    with pytest.raises(ValueError, match="before-commit"):
        crash_points.crash_at(setting)
