"""The engine's own workers in a process: they ask for what was claimed at once, and record it in groups."""
from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from time import monotonic

from services.matter.cases.usecases.at_once import Claimed
from services.matter.cases.usecases.engine import Done, Engine, ask, record_in_parts
from shared_components.observability.tracing import current_traceparent

log = logging.getLogger(__name__)

MOST_IN_HAND = 256
"""What comes due beyond is left to the queue, from which every process takes."""
RECORDERS, LARGEST_GROUP = 2, 128
"""While one group is recorded, the next gathers; a lone task waits for none."""
LOOK_S = 0.02


class StepRunner:
    """Asks at once for all that it is given. No timer forms a group that is recorded: it is what is done by then."""

    def __init__(self, engine: Callable[[], Engine], *, most: int = MOST_IN_HAND) -> None:
        self._engine, self._most = engine, most
        self._lock = threading.Lock()
        self._in_hand, self._recorders, self._stopping = 0, 0, False
        self._done = deque[Done]()

    def room(self) -> int:
        return 0 if self._stopping else max(self._most - self._in_hand, 0)

    @property
    def in_hand(self) -> int:
        return self._in_hand

    def begin(self, claimed: Sequence[Claimed]) -> None:
        with self._lock:
            self._in_hand += len(claimed)
        threading.Thread(target=self._ask, args=(claimed,), daemon=True).start()

    def finish(self, timeout_s: float) -> None:
        """Take no more, and finish what is in hand. What is left by then waits for the end of its lease."""
        self._stopping = True
        until = monotonic() + timeout_s
        while self._in_hand and monotonic() < until:
            threading.Event().wait(LOOK_S)
        if self._in_hand:
            log.warning("matter.steps.left", extra={"steps": self._in_hand})

    def _ask(self, claimed: Sequence[Claimed]) -> None:
        left = len(claimed)
        try:
            for done in ask(self._engine(), claimed):
                left -= len(done)
                self._done.extend(done)
                self._kick()
        except Exception:
            log.exception("matter.steps.not_asked", extra={"steps": left})
        finally:
            self._gone(left)

    def _kick(self) -> None:
        with self._lock:
            if not self._done or self._recorders >= RECORDERS:
                return
            self._recorders += 1
        threading.Thread(target=self._record, daemon=True).start()

    def _record(self) -> None:
        while group := self._next():
            try:
                record_in_parts(self._engine().transactions, group)
            except Exception:
                log.exception("matter.steps.not_recorded", extra={"steps": len(group)})
            finally:
                self._gone(len(group))

    def _next(self) -> list[Done]:
        """Give what is done by now. Nothing: this recorder has ended, and the next outcome starts another."""
        with self._lock:
            group = [self._done.popleft() for _ in range(min(LARGEST_GROUP, len(self._done)))]
            self._recorders -= not group
        return group

    def _gone(self, number: int) -> None:
        with self._lock:
            self._in_hand -= number


class NoRunner:
    """Runner of a process that serves no events: what comes due goes to the queue."""

    def room(self) -> int:
        return 0

    def begin(self, claimed: Sequence[Claimed]) -> None:
        raise RuntimeError("tasks were claimed in a process without an engine")

    def finish(self, timeout_s: float) -> None:
        """Nothing is in hand."""


class BegunWithCommit:
    """The engine as one transaction sees it."""

    def __init__(self, after_commit: list[Callable[[], None]], runner: StepRunner | NoRunner) -> None:
        self._after_commit, self._runner, self._given = after_commit, runner, 0

    def room(self) -> int:
        return self._runner.room() - self._given

    def begin(self, claimed: Sequence[Claimed]) -> None:
        self._given += len(claimed)
        self._after_commit.append(partial(self._runner.begin, [_traced(one) for one in claimed]))


def _traced(one: Claimed) -> Claimed:
    if one.traceparent is not None:
        return one
    return Claimed(one.case, one.task, one.definition, one.at, current_traceparent.get())
