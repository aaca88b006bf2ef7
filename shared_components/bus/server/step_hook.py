"""Named steps of a call and of an event in a service, at which the composition can have a hook called."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

STEPS = (
    "before-commit", "after-commit", "before-publish", "after-publish", "before-reply", "after-reply", "after-ack",
    "before-event-ack", "after-event-ack", "after-retry-publish",
)  # fmt: skip
CONFIG_KEY = "zhongtai.step_hook"


class StepHook:
    """Does nothing. A fault test passes a hook of its own to ServiceHost, which ends the process at a step.

    separate_writes: send replies and acknowledgements one by one, so that there is something between the steps.
    """

    separate_writes = False

    def reach(self, step: str) -> None:
        """Called at each of STEPS, by the thread that is there."""


NO_HOOK = StepHook()


def step_hook(container_config: Mapping[str, Any]) -> StepHook:
    """Return the hook that the composition has passed, or the one that does nothing."""
    hook: StepHook = container_config.get(CONFIG_KEY, NO_HOOK)
    return hook
