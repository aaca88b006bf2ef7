"""Where the composition can have a process end."""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from shared_components.bus.server.step_hook import CONFIG_KEY, NO_HOOK, STEPS, StepHook, step_hook
from shared_components.observability.health import Health
from shared_components.runtime.host import ServiceHost
from tests.faults import crash_points

ROOT = Path(__file__).parents[3]
REACH_THREE_TIMES = """
from tests.faults.crash_points import hook_of_environment
hook = hook_of_environment()
for number in range(3):
    hook.reach("after-commit")
    hook.reach("before-commit")
    print(number, flush=True)
"""


def run(setting: str | None) -> subprocess.CompletedProcess[str]:
    environment = {crash_points.VARIABLE: setting} if setting else {}
    return subprocess.run(
        [sys.executable, "-c", REACH_THREE_TIMES], cwd=ROOT, env=environment, capture_output=True, text=True,
        check=False)


def test_without_the_variable_nothing_happens() -> None:
    assert run(None).stdout.split() == ["0", "1", "2"]
    assert not NO_HOOK.separate_writes


def test_the_process_ends_the_nth_time() -> None:
    ended = run("before-commit:2")
    assert (ended.returncode, ended.stdout.split()) == (crash_points.EXIT_CODE, ["0"])


@pytest.mark.parametrize("setting", ["nowhere:1", "before-commit", "before-commit:0", "before-commit:x"])
def test_a_wrong_setting_says_what_is_allowed(setting: str) -> None:
    with pytest.raises(ValueError, match="before-commit"):
        crash_points.CrashAt(setting)


def test_a_service_takes_the_hook_of_its_composition_and_nothing_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(crash_points.VARIABLE, "before-commit:1")
    hook = crash_points.CrashAt("after-commit:1")
    assert step_hook({}) is NO_HOOK
    assert step_hook({CONFIG_KEY: hook}) is hook


class Silent:
    name = "silent"


def test_the_host_gives_its_hook_to_each_container() -> None:
    class Remembering(StepHook):
        def __init__(self) -> None:
            self.reached: list[str] = []

        def reach(self, step: str) -> None:
            self.reached.append(step)

    hook = Remembering()
    configuration = {"bus": {"workers": 1, "event_workers": 1}, "broker": {"url": "inproc://hook"}}
    host = ServiceHost([Silent], lambda service: configuration, Health(), step_hook=hook)
    given = step_hook(host._containers[0].config)
    for step in STEPS:
        given.reach(step)
    assert hook.reached == list(STEPS)
