"""Keep a number of calls in flight from greenlets, for some seconds or until so many were made."""
from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from eventlet import GreenPool

from shared_components.kernel.errors import AppError
from tests.benchmarks.load.tally import Tally

Ask = Callable[[int], object]
"""Makes call number n and waits for its reply."""


@dataclass
class Load:
    """askers: one for each call in flight. Numbers go on from run to run, so that no call is made twice."""

    askers: Sequence[Ask]
    numbers: Any = field(default_factory=itertools.count)

    def run(self, *, seconds: float, calls: int) -> dict[str, Any]:
        """calls: 0 is as many as there is time for."""
        tally, left = Tally(), itertools.count()
        began, cpu = time.perf_counter(), time.process_time()
        until = began + seconds if not calls else float("inf")

        def work(ask: Ask) -> None:
            while (at := time.perf_counter()) < until and not (calls and next(left) >= calls):
                try:
                    ask(next(self.numbers))
                except AppError as error:
                    tally.errors[error.code] += 1
                else:
                    tally.latencies_s.append(time.perf_counter() - at)

        pool = GreenPool(len(self.askers))
        for ask in self.askers:
            pool.spawn_n(work, ask)
        pool.waitall()
        return tally.summary(time.perf_counter() - began, time.process_time() - cpu)
