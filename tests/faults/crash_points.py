"""End a process at one of the bus's steps, as if it were killed there.

`ZHONGTAI_CRASH_AT=after-commit:3` in the environment of tests.faults.serve ends it, with exit code 137, the third time
that it reaches the step.
"""
from __future__ import annotations

import itertools
import os

from shared_components.bus.server.step_hook import NO_HOOK, STEPS, StepHook

VARIABLE = "ZHONGTAI_CRASH_AT"
EXIT_CODE = 137  # what a shell reports of a process that was killed by SIGKILL


class CrashAt(StepHook):
    """setting: `step:nth`. Raises ValueError for anything else."""

    separate_writes = True

    def __init__(self, setting: str) -> None:
        self._step, _, nth = setting.partition(":")
        if self._step not in STEPS or not nth.isdecimal() or int(nth) < 1:
            raise ValueError(
                f"{VARIABLE} is '{setting}'; allowed is STEP:N, N from 1, STEP one of {', '.join(STEPS)}")
        self._nth = int(nth)
        self._reached = itertools.count(1)

    def reach(self, step: str) -> None:
        if step == self._step and next(self._reached) == self._nth:
            os._exit(EXIT_CODE)


def hook_of_environment() -> StepHook:
    """Return the hook that the environment asks for; without VARIABLE the one that does nothing."""
    return CrashAt(os.environ[VARIABLE]) if VARIABLE in os.environ else NO_HOOK
