"""Progress of cases, watched in the database: an app that asks over HTTP would cost more than the cases."""
from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import eventlet
import psycopg2

WITH_THE_OUTSIDE = ("medical", "pay")
_STATES = """
SELECT case_id, state, (SELECT count(*) FROM matter.steps AS step WHERE step.case_id = one.case_id
                        AND step.name = ANY(%(steps)s) AND step.state = 'waiting')
FROM matter.cases AS one WHERE case_id = ANY(%(cases)s)"""
_UNDONE = """
SELECT (SELECT count(*) FROM matter.steps WHERE state <> 'waiting' AND wake_at IS NOT NULL)
     + (SELECT count(*) FROM notification.messages WHERE state IN ('created', 'sending', 'temporary-failure'))"""
READY, COMPLETED = "ready", "completed"
ENDED = ("completed", "refused", "withdrawn", "terminated")
PATIENCE_S, IDLE_S = 120.0, 0.05


class CaseFailed(RuntimeError):
    """A case that did not end as every case of the benchmark has to."""


class Progress:
    """One look for all cases that wait, again and again. interval_s: between two looks."""

    def __init__(self, dsn: str, interval_s: float) -> None:
        self._connection = psycopg2.connect(dsn)
        self._connection.autocommit = True
        self._interval_s = interval_s
        self._waiting: dict[str, tuple[str, eventlet.Event]] = {}
        self._looking = eventlet.spawn(self._look)

    def until(self, case_id: str, what: str) -> None:
        """Wait until the case waits for the outside (READY) or is COMPLETED. Raises CaseFailed."""
        event = eventlet.Event()
        self._waiting[case_id] = what, event
        with eventlet.Timeout(PATIENCE_S, CaseFailed(f"{case_id} is not {what} after {PATIENCE_S:.0f} s")):
            event.wait()

    def drained(self) -> None:
        """Wait until no step is due and no letter waits."""
        until = time.monotonic() + PATIENCE_S
        while (undone := self._rows(_UNDONE, {})[0][0]) > 0:
            if time.monotonic() > until:
                raise CaseFailed(f"{undone} steps or letters are not done after {PATIENCE_S:.0f} s")
            time.sleep(IDLE_S)

    def close(self) -> None:
        self._looking.kill()
        self._connection.close()

    def _look(self) -> None:
        while True:
            time.sleep(self._interval_s)
            if not self._waiting:
                continue
            wanted = {"cases": list(self._waiting), "steps": list(WITH_THE_OUTSIDE)}
            for case_id, state, waiting in self._rows(_STATES, wanted):
                self._tell(case_id, state, ready=waiting == len(WITH_THE_OUTSIDE))

    def _tell(self, case_id: str, state: str, *, ready: bool) -> None:
        what, event = self._waiting[case_id]
        if (what == READY and ready) or (what == COMPLETED and state == COMPLETED):
            del self._waiting[case_id]
            event.send(None)
        elif state in ENDED:
            del self._waiting[case_id]
            event.send_exception(CaseFailed(f"{case_id} is {state}, and not {what}"))

    def _rows(self, query: str, parameters: dict[str, Any]) -> Sequence[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(query, parameters)
            return list(cursor.fetchall())
