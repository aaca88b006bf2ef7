"""Kills and replaces workers while a load runs."""
from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from shared_components.bus.server.step_hook import STEPS
from tests.faults import crash_points
from tests.faults.workers import Worker, Workers

DEEPEST_CRASH = 12
# where an event is lost without an outbox, and done twice without an inbox
TELLING_POINTS = ("before-publish", "after-commit", "before-event-ack")


class Killer:
    """Every interval a random worker dies; each dead one is replaced at once, so that the number stays.

    Half of the replacements carry a crash point: a kill from outside rarely hits the gap between commit and publish.
    points: those to choose from.
    """

    def __init__(
        self, workers: Workers, chance: random.Random, *, interval_s: float = 1.0,
        points: Sequence[str] = STEPS,
    ) -> None:
        self._workers = workers
        self._chance = chance
        self._interval_s = interval_s
        self._points = points
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.deaths: Counter[str] = Counter()
        self._counted: set[int] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nobody is killed any more, and every kind of worker runs again."""
        self._stop.set()
        self._thread.join(30)
        for worker in self._disarmed():
            worker.kill()
        self._replace(armed=False)
        self._workers.wait_started(*self._workers.running())

    def _run(self) -> None:
        while not self._stop.wait(self._interval_s):
            victims = [worker for worker in self._workers.running() if worker.started]
            if victims:
                victim = self._chance.choice(victims)
                victim.kill()
                self.deaths["SIGKILL"] += 1
                self._counted.add(id(victim))
            self._replace(armed=True)

    def _replace(self, *, armed: bool) -> None:
        for worker in list(self._workers.all):
            if worker.running or worker.replaced:
                continue
            worker.replaced = True
            if id(worker) not in self._counted:
                self.deaths[worker.crash_point or f"exit {worker.code}"] += 1
            self._workers.start(*worker.services, wait=False, **(self._crash_point() if armed else {}))

    def _crash_point(self) -> dict[str, Any]:
        if self._chance.random() < 0.5:
            return {}
        point = self._chance.choice(self._points)
        return {crash_points.VARIABLE: f"{point}:{self._chance.randint(1, DEEPEST_CRASH)}"}

    def _disarmed(self) -> list[Worker]:
        """Those that would still end by themselves during the drain."""
        return [worker for worker in self._workers.running() if worker.crash_point]
