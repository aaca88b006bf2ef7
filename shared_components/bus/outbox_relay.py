"""From the outbox to the broker: at once after the commit, and by a sweeper for what a crash left behind."""
from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import Any

import orjson
from nameko.extensions import SharedExtension

from shared_components.bus import crash_points, names, topology
from shared_components.bus.publisher import Outgoing, Publisher
from shared_components.db import ALL_TENANTS, Database, outbox
from shared_components.kernel.clock import SystemClock
from shared_components.kernel.errors import AppError
from shared_components.observability.metrics import METRICS

log = logging.getLogger(__name__)

EventRow = Mapping[str, Any]

BATCH = 500
SWEEP_INTERVAL_S = 2.0
# Long enough for many events to share a transaction, short beside the age at which the sweeper takes them.
TIDY_AFTER_S = 0.05
# Rows younger than this are the direct path's; a crash's leftovers are older.
SWEEP_AGE_S = 5.0


class OutboxRelay(SharedExtension):  # type: ignore[misc]
    """One a container. Rows stay in the outbox until the broker has confirmed their messages."""

    database: Database | None = None

    def setup(self) -> None:
        configuration = self.container.config["zhongtai"]
        self.service = self.container.service_name
        self.publisher = Publisher(
            configuration["broker"]["url"], name=f"outbox-{self.service}",
            heartbeat_s=configuration["broker"]["heartbeat_s"],
            confirm_timeout_s=configuration["bus"]["confirm_timeout_s"],
            declare=partial(topology.declare_event_source, service=self.service),
        )
        self._waiting: deque[EventRow] = deque()
        self._published: deque[str] = deque()
        self._to_delete = threading.Event()
        self._wake = threading.Event()
        self._idle = threading.Event()
        self._idle.set()
        self._stopping = threading.Event()

    def start(self) -> None:
        self.container.spawn_managed_thread(self._relay, identifier="outbox-relay")
        self.container.spawn_managed_thread(self._tidy, identifier="outbox-tidy")
        self.container.spawn_managed_thread(self._sweep, identifier="outbox-sweep")

    def committed(self, rows: Sequence[EventRow]) -> None:
        """Events whose transaction has just committed."""
        self._idle.clear()
        self._waiting.extend(rows)
        self._wake.set()

    def finish(self, timeout_s: float = 5.0) -> None:
        """Publish what is waiting, then stop. What cannot be published stays in the outbox."""
        deadline = monotonic() + timeout_s
        while not self._idle.is_set() and monotonic() < deadline:
            self._idle.wait(0.05)
        self._stopping.set()
        self._wake.set()
        self._to_delete.set()
        self._delete_published()
        self.publisher.close()

    def _relay(self) -> None:
        while not self._stopping.is_set():
            self._wake.wait()
            self._wake.clear()
            while self._waiting:
                batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
                self._publish(batch)
            self._idle.set()

    def _publish(self, batch: Sequence[EventRow]) -> None:
        try:
            crash_points.reach("before-publish")
            self.publisher.publish([self._message(row) for row in batch])
            crash_points.reach("after-publish")
            self._published.extend(row["event_id"] for row in batch)
            self._to_delete.set()
        except AppError as error:
            # They stay in the outbox; the sweeper sends them when the broker or database is back.
            log.warning("bus.outbox.postponed", extra={"service": self.service, "code": error.code})
        except Exception:
            log.exception("bus.outbox.failed", extra={"service": self.service})

    def _tidy(self) -> None:
        """Delete what was published, a little later: a transaction for a lone event would cost as much as its call."""
        while not self._stopping.is_set():
            self._to_delete.wait()
            self._to_delete.clear()
            if not self._stopping.wait(TIDY_AFTER_S):
                self._delete_published()

    def _delete_published(self) -> None:
        while self._published and self.database is not None:
            gone = [self._published.popleft() for _ in range(min(BATCH, len(self._published)))]
            try:
                # A deletion that a crash undoes means one more publication, which receivers know how to pass over.
                with self.database.transaction(ALL_TENANTS, repeatable=True) as session:
                    outbox.delete(session, gone)
            except AppError as error:
                # The sweeper will publish them once more, and its deletion counts then.
                log.warning("bus.outbox.postponed", extra={"service": self.service, "code": error.code})
                return
            except Exception:
                log.exception("bus.outbox.failed", extra={"service": self.service})
                return

    def _sweep(self) -> None:
        while not self._stopping.wait(SWEEP_INTERVAL_S):
            try:
                self._measure()
                while not self._stopping.is_set() and self._sweep_once():
                    pass
            except AppError as error:
                log.warning("bus.outbox.postponed", extra={"service": self.service, "code": error.code})
            except Exception:
                log.exception("bus.outbox.failed", extra={"service": self.service})

    def _measure(self) -> None:
        if self.database is None:
            return
        with self.database.reading(ALL_TENANTS) as session:
            lag = outbox.lag(session)
        age = SystemClock().now() - lag.oldest_at if lag.oldest_at is not None else timedelta()
        METRICS.record_outbox(self.service, rows=lag.waiting, oldest_age_s=max(age.total_seconds(), 0.0))

    def _sweep_once(self) -> bool:
        """Publish one batch of old rows; True when there may be more."""
        if self.database is None or not self.publisher.ready():
            return False
        with self.database.transaction(ALL_TENANTS) as session:
            rows = outbox.claim(session, limit=BATCH, older_than_s=SWEEP_AGE_S, now=SystemClock().now())
        if rows:
            self._publish(rows)
        return len(rows) == BATCH

    def _message(self, row: EventRow) -> Outgoing:
        return Outgoing(
            body=encode_event(self.service, row), exchange=names.event_exchange(self.service),
            routing_key=row["type"], content_type=names.EVENT_CONTENT_TYPE, message_id=row["event_id"],
        )


def encode_event(source: str, row: EventRow) -> bytes:
    """The event envelope of docs/wire-format.md."""
    return orjson.dumps({
        "id": row["event_id"], "type": row["type"], "version": row["version"], "source": source,
        "occurred_at": row["occurred_at"], "aggregate": row["aggregate"], "sequence": row["sequence"],
        "tenant": row["tenant_id"], "trace": row["traceparent"], "data": row["data"],
    })
