"""End a process at one of the bus's steps, as if it were killed there.

`ZHONGTAI_CRASH_AT=after-commit:3` in the environment of tests.faults.serve ends it, with exit code 137, the third time
that it reaches the step.
"""
from __future__ import annotations

import itertools
import os
from typing import Any

from shared_components.bus.client.blocking import BusClient
from shared_components.bus.server.step_hook import NO_HOOK, STEPS, StepHook

VARIABLE = "ZHONGTAI_CRASH_AT"
ASKS = ("before-ask", "after-ask")
"""Around a call of the process to another service; no step of the bus, so `watch_asks` puts them there."""
EXIT_CODE = 137  # what a shell reports of a process that was killed by SIGKILL


class CrashAt(StepHook):
    """setting: `step:nth`. Raises ValueError for anything else."""

    separate_writes = True

    def __init__(self, setting: str) -> None:
        self._step, _, nth = setting.partition(":")
        if self._step not in (*STEPS, *ASKS) or not nth.isdecimal() or int(nth) < 1:
            raise ValueError(
                f"{VARIABLE} is '{setting}'; allowed is STEP:N, N from 1, STEP one of {', '.join((*STEPS, *ASKS))}")
        self._nth = int(nth)
        self._reached = itertools.count(1)

    def reach(self, step: str) -> None:
        if step == self._step and next(self._reached) == self._nth:
            os._exit(EXIT_CODE)


def hook_of_environment() -> StepHook:
    """Return the hook that the environment asks for; without VARIABLE the one that does nothing."""
    return CrashAt(os.environ[VARIABLE]) if VARIABLE in os.environ else NO_HOOK


def watch_asks(hook: StepHook) -> None:
    """Let the hook be reached before and after each call of this process to another service."""
    call = BusClient.call

    def watched(self: BusClient, *arguments: Any, **options: Any) -> Any:
        hook.reach("before-ask")
        answer = call(self, *arguments, **options)
        hook.reach("after-ask")
        return answer

    BusClient.call = watched  # type: ignore[method-assign]
