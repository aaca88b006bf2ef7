"""Forgets old operation records and inbox marks of a service, a little at a time; what a process does each minute."""
from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from nameko.extensions import SharedExtension

from shared_components.db import ALL_TENANTS, Database, purge
from shared_components.kernel.clock import SystemClock
from shared_components.kernel.errors import AppError

log = logging.getLogger(__name__)

MINUTE_S = 60.0
MINUTES_BETWEEN = 10
# No broker keeps a message for as long as this.
KEEP_INBOX = timedelta(days=30)


class Housekeeping(SharedExtension):  # type: ignore[misc]
    """One a container. keep_operations: how long replies are kept for repeated calls; None keeps them for ever.

    each_minute: done by every process of the service.
    """

    database: Database | None = None
    each_minute: Callable[[], None] | None = None
    keep_operations: timedelta | None = None

    def setup(self) -> None:
        self._stopping = threading.Event()

    def start(self) -> None:
        if self.database is not None:
            self.container.spawn_managed_thread(self._loop, identifier="housekeeping")

    def finish(self) -> None:
        self._stopping.set()

    def _loop(self) -> None:
        minutes = 0
        while not self._stopping.wait(MINUTE_S):
            minutes += 1
            if self.each_minute is not None:
                self._try(self.each_minute)
            if minutes % MINUTES_BETWEEN == 0:
                self._try(self.run_once)

    def _try(self, work: Callable[[], object]) -> None:
        try:
            work()
        except AppError as error:
            log.warning("bus.housekeeping.postponed", extra={"code": error.code})
        except Exception:
            log.exception("bus.housekeeping.failed")

    def run_once(self) -> int:
        """Forget what is too old; how many rows went."""
        now = SystemClock().now()
        gone = self._forget(purge.purge_inbox, now - KEEP_INBOX)
        if self.keep_operations is not None:
            gone += self._forget(purge.purge_operations, now - self.keep_operations)
        return gone

    def _forget(self, purge_some: Callable[..., int], before: datetime) -> int:
        """Delete in small transactions until nothing of that age is left."""
        assert self.database is not None
        gone = 0
        while True:
            with self.database.transaction(ALL_TENANTS) as session:
                some = purge_some(session, before=before)
            if not some:
                return gone
            gone += some
