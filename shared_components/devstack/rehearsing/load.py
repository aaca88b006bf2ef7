"""An open loop: calls are due at their moments, whether or not the platform keeps up. Waiting counts as duration."""
from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import monotonic

from shared_components.devstack.rehearsing.shapes import Peak
from shared_components.kernel.errors import AppError

# More calls at once than this are not begun: the machine that makes the load would be measured.
MOST_IN_FLIGHT = 4_000
TICK_S = 0.005


@dataclass
class Second:
    """One second of the rehearsal, by the moment when its calls were due."""

    due: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    durations_ms: list[float] = field(default_factory=list)


@dataclass
class Result:
    peak: Peak
    seconds: list[Second]
    skipped: int = 0

    @property
    def outcomes(self) -> Counter[str]:
        return sum((second.ended for second in self.seconds), Counter())

    def percentile_ms(self, share: float) -> float:
        found = sorted(one for second in self.seconds for one in second.durations_ms)
        return found[min(int(len(found) * share), len(found) - 1)] if found else 0.0

    @property
    def best_rate(self) -> float:
        """Good calls a second in the best tenth of the time: what the platform did, when it was asked for enough."""
        rates = sorted((second.ended["ok"] for second in self.seconds), reverse=True)
        best = rates[:max(len(rates) // 10, 1)]
        return sum(best) / len(best) if best else 0.0


async def rehearse(
    peak: Peak, call: Callable[[random.Random], Awaitable[object]], tell: Callable[[int, Second, int], None], seed: int,
) -> Result:
    """tell: gets each second when it is over, and how many calls are in flight."""
    chance, result = random.Random(seed), Result(peak, [Second() for _ in range(int(peak.seconds) + 1)])
    running: set[asyncio.Task[None]] = set()
    began, due, told = monotonic(), 0.0, 0
    last = 0.0
    while (now := monotonic() - began) < peak.seconds:
        due += peak.rate_at(now) * (now - last)
        last = now
        for _ in range(int(due)):
            _begin(result, running, call, chance, began, now)
        due -= int(due)
        if int(now) > told:
            tell(told, result.seconds[told], len(running))
            told = int(now)
        await asyncio.sleep(TICK_S)
    if running:
        await asyncio.wait(running)
    return result


def _begin(
    result: Result, running: set[asyncio.Task[None]], call: Callable[[random.Random], Awaitable[object]],
    chance: random.Random, began: float, due_s: float,
) -> None:
    second = result.seconds[int(due_s)]
    second.due += 1
    if len(running) >= MOST_IN_FLIGHT:
        result.skipped += 1
        second.ended["not begun"] += 1
        return
    task = asyncio.create_task(_one(second, call, chance, began + due_s))
    running.add(task)
    task.add_done_callback(running.discard)


async def _one(
    second: Second, call: Callable[[random.Random], Awaitable[object]], chance: random.Random, due: float,
) -> None:
    try:
        await call(chance)
        second.ended["ok"] += 1
    except AppError as error:
        second.ended[error.code] += 1
    second.durations_ms.append((monotonic() - due) * 1000)
