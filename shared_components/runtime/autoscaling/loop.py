"""Look, decide, scale; again and again. What fails once is told and tried anew at the next look."""
from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

from shared_components.kernel.errors import AppError
from shared_components.runtime.autoscaling.decisions import Decider, Decision
from shared_components.runtime.autoscaling.rules import Plan
from shared_components.runtime.load_view import LoadView
from shared_components.runtime.scalers import Scaler

Told = list[Decision] | AppError


class Autoscaler:
    """view: makes a new view after the broker was lost."""

    def __init__(
        self, plan: Plan, scaler: Scaler, view: Callable[[], LoadView], *, dry_run: bool = False,
        clock: Callable[[], float] = time.monotonic, now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._plan, self._scaler, self._make_view, self._dry_run = plan, scaler, view, dry_run
        self._clock, self._now = clock, now
        self._deciders = {rule.service: Decider(rule) for rule in plan.rules}
        self._view: LoadView | None = None

    def run(self, enough: Callable[[], bool]) -> Iterator[Told]:
        """Yield the decisions of each look, or the error that it ended with."""
        while not enough():
            until = self._clock() + self._plan.every_s
            yield self.look()
            while not enough() and self._clock() < until:
                time.sleep(min(0.1, max(until - self._clock(), 0)))

    def look(self) -> Told:
        try:
            if self._view is None:
                self._view = self._make_view()
            current = self._scaler.counts()
            decisions = self._decide(self._view, current)
            changes = {one.service: one.wanted for one in decisions if one.changes}
            if changes and not self._dry_run:
                self._scaler.scale(changes)
        except AppError as error:
            self._view = None
            return error
        return decisions

    def _decide(self, view: LoadView, current: Mapping[str, int]) -> list[Decision]:
        at_s, now = self._clock(), self._now()
        loads = view.read([name for name in self._deciders if name in current])
        return [self._deciders[load.service].decide(load, current[load.service], at_s=at_s, now=now) for load in loads]
