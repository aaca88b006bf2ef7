"""Lives of a process that works at a job: each is a process of its own, killed by SIGKILL at one point of one row."""
from __future__ import annotations

import os
import signal
import traceback
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from services.notification.jobs.domain.job import message_id_of
from services.notification.jobs.usecases import accept_rows, run_jobs
from services.notification.jobs.usecases.rows import Composer
from services.notification.messages.domain.message import Message
from services.notification.transaction import SqlNotificationTransaction
from shared_components.db import Database
from shared_components.kernel.ids import new_id
from shared_components.security import Secrets
from tests.unit.notification.jobs.world import HEADER, JobWorld
from tests.unit.notification.world import World

POINTS = ("at the row", "before the commit", "after the commit")
CHUNK = 7
HOLD = timedelta(seconds=31)
"""The hold of a process that died has run out by then."""


def by_chance(job_id: str, row: int) -> str:
    return new_id("msg")


def content(rows: int) -> str:
    return HEADER + "".join(f"citizen-{number}@example.cn,张三,{number},\n" for number in range(1, rows + 1))


@dataclass
class Lives:
    """One job on a real database. make_id: how ids of messages are made."""

    url: str
    folder: Path
    rows: int
    make_id: Callable[[str, int], str] = message_id_of
    ends: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.jobs = JobWorld.of(self._world(), self.folder)
        self.job_id = self.jobs.given(content(self.rows))
        self.jobs.run_checks()

    def _world(self) -> World:
        return World(Database(self.url, "notification", pool_size=2), Secrets.for_development(self.folder))

    def live(self, row: int, point: str) -> None:
        """A process that takes the job up and dies at a point of a row, or has nothing to do there."""
        self.jobs.world.clock.advance(HOLD)
        process = os.fork()
        if not process:
            try:
                self._work(row, point)
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        ended = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        self.ends[{-signal.SIGKILL: f"killed {point}", 0: "worked to its end"}.get(ended, f"exit {ended}")] += 1

    def _work(self, row: int, point: str) -> None:
        clock = self.jobs.world.clock
        world = self._world()
        world.clock = clock
        dying = _Dying(world, row, point)
        compose = Composer.message

        def dying_message(composer: Composer, number: int, values: Mapping[str, str]) -> Message:
            dying.reach(number)
            return compose(composer, number, values)

        with (
            patch.object(accept_rows, "CHUNK", CHUNK), patch.object(Composer, "message", dying_message),
            patch.object(run_jobs, "accept_rows", partial(accept_rows.accept_rows, make_id=self.make_id)),
        ):
            run_jobs.run_jobs(dying, self.jobs.files)

    def finish(self) -> str:
        """Work at what is left, in this process; gives the job's state."""
        for _ in range(3):
            self.jobs.world.clock.advance(HOLD)
            run_jobs.run_jobs(self.jobs.world, self.jobs.files)
        return self.jobs.job(self.job_id).job.state

    def letters(self) -> Counter[str]:
        """Count the letters that people got, by their words."""
        for message_id in self.jobs.ids():
            self.jobs.world.deliver(message_id)
        return Counter(letter.body for letter in self.jobs.world.mailer.letters)

    def expected(self) -> set[str]:
        return {f"应缴 {number} 元" for number in range(1, self.rows + 1)}

    def close(self) -> None:
        self.jobs.world.database.dispose()


class _Dying:
    """Transactions of a process that is killed where one row is composed, or around the commit after that."""

    def __init__(self, world: World, row: int, point: str) -> None:
        self._world, self._row, self._point, self._armed = world, row, point, False

    def reach(self, row: int) -> None:
        if row == self._row:
            self._armed = True
            if self._point == POINTS[0]:
                _die()

    @contextmanager
    def begin(self, tenant: str) -> Iterator[SqlNotificationTransaction]:
        with self._world.begin(tenant) as tx:
            yield tx
            if self._armed and self._point == POINTS[1]:
                _die()
        if self._armed:
            _die()

    def begin_for(self, tenants: Collection[str]) -> Any:
        return self._world.begin_for(tenants)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
