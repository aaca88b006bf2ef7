"""Named points at which a test can have this process end as if it were killed there.

`ZHONGTAI_CRASH_AT=after-commit:3` ends it, with exit code 137, the third time that it gets there. Without the variable
`reach` does nothing.
"""
from __future__ import annotations

import itertools
import os
from collections.abc import Callable

VARIABLE = "ZHONGTAI_CRASH_AT"
EXIT_CODE = 137  # what a shell reports of a process that was killed by SIGKILL
POINTS = (
    "before-commit", "after-commit", "before-publish", "after-publish", "before-reply", "after-reply", "after-ack",
    "before-event-ack", "after-event-ack", "after-retry-publish",
)  # fmt: skip


def _do_nothing(point: str) -> None:
    pass


def crash_at(setting: str) -> Callable[[str], None]:
    """setting: `point:nth`. Raises ValueError for anything else."""
    wanted, _, nth = setting.partition(":")
    if wanted not in POINTS or not nth.isdecimal() or int(nth) < 1:
        raise ValueError(f"{VARIABLE} is '{setting}'; allowed is POINT:N, N from 1, POINT one of {', '.join(POINTS)}")
    reached = itertools.count(1)

    def reach_or_end(point: str) -> None:
        if point == wanted and next(reached) == int(nth):
            os._exit(EXIT_CODE)

    return reach_or_end


# Then what is sent together otherwise is sent piece by piece, so that there is something between the points.
armed = VARIABLE in os.environ
reach: Callable[[str], None] = crash_at(os.environ[VARIABLE]) if armed else _do_nothing
