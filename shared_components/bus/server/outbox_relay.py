"""Publish events from the outbox: at once after the commit, and by a sweeper after a crash."""
from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import Any

from nameko.extensions import SharedExtension

from shared_components.bus.amqp import names, topology, wire
from shared_components.bus.amqp.publisher import Outgoing, Publisher
from shared_components.bus.server.step_hook import NO_HOOK, StepHook, step_hook
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
# How often an event asks whether the one before it, which another process publishes, is gone.
HELD_PAUSE_S = 0.02
# The same while the database does not answer.
UNKNOWN_PAUSE_S = 1.0
# What is held longer, or beside so many others, is left to the sweeper.
LONGEST_HELD_S, MOST_HELD = SWEEP_AGE_S, BATCH


class OutboxRelay(SharedExtension):  # type: ignore[misc]
    """One a container. Rows stay in the outbox until the broker has confirmed their messages.

    An event is published after those of its aggregate with a lower sequence, whichever process published them: while
    one of them is in the outbox, the event is held back.
    """

    database: Database | None = None
    step_hook: StepHook = NO_HOOK

    def setup(self) -> None:
        configuration = self.container.config["zhongtai"]
        self.service = self.container.service_name
        self.step_hook = step_hook(self.container.config)
        self.publisher = Publisher(
            configuration["broker"]["url"], name=f"outbox-{self.service}",
            heartbeat_s=configuration["broker"]["heartbeat_s"],
            confirm_timeout_s=configuration["bus"]["confirm_timeout_s"],
            declare=partial(topology.declare_event_source, service=self.service),
        )
        self._waiting: deque[EventRow] = deque()
        # (row, until when): events whose turn has not come
        self._held: list[tuple[EventRow, float]] = []
        self._ask_again_s = HELD_PAUSE_S
        # event id → aggregate, of what the broker has confirmed and is still in the outbox
        self._published: dict[str, str] = {}
        self._to_delete = threading.Event()
        self._hurry = threading.Event()
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
        self._hurry.set()
        self._delete_published()
        self.publisher.close()

    def _relay(self) -> None:
        while not self._stopping.is_set():
            self._wake.wait(self._ask_again_s if self._held else None)
            self._wake.clear()
            while self._waiting:
                self._publish_next()
            if self._held:
                self._publish_next()
            if not self._held:
                self._idle.set()

    def _publish_next(self) -> None:
        """Publish one batch of what waits, together with what was held back and may go now."""
        held, self._held = self._held, []
        batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
        until = {row["event_id"]: end for row, end in held}
        ready, early = self._in_turn([row for row, _ in held] + batch)
        now = monotonic()
        kept = [(row, until.get(row["event_id"], now + LONGEST_HELD_S)) for row in early]
        self._held = [(row, end) for row, end in kept if end > now][:MOST_HELD]
        self._publish(ready)
        if not until.keys().isdisjoint(row["event_id"] for row in ready):
            # Processes take turns at this aggregate: another one is likely to wait for these.
            self._hurry.set()

    def _in_turn(self, rows: Sequence[EventRow]) -> tuple[list[EventRow], list[EventRow]]:
        """Return the events that may be published now, in order, and those that must wait for another one."""
        followers = [row for row in rows if row["sequence"] > 1]
        if not followers or self.database is None:
            return list(rows), []
        first = self._first_waiting(rows, followers)
        ready = [row for row in rows if row["sequence"] <= first.get(row["aggregate"], row["sequence"])]
        early = [row for row in rows if row["sequence"] > first.get(row["aggregate"], row["sequence"])]
        return sorted(ready, key=lambda row: row["sequence"]), early

    def _first_waiting(self, rows: Sequence[EventRow], followers: Sequence[EventRow]) -> Mapping[str, int]:
        aggregates = {row["aggregate"] for row in followers}
        concerned = [row for row in rows if row["aggregate"] in aggregates]
        known = [event_id for event_id, aggregate in list(self._published.items()) if aggregate in aggregates]
        assert self.database is not None
        self._ask_again_s = HELD_PAUSE_S
        try:
            with self.database.reading(ALL_TENANTS) as session:
                return outbox.first_waiting(session, concerned, known)
        except AppError as error:
            log.warning("bus.outbox.postponed", extra={"service": self.service, "code": error.code})
        except Exception:
            log.exception("bus.outbox.failed", extra={"service": self.service})
        # Nobody knows: whatever may have another before it waits.
        self._ask_again_s = UNKNOWN_PAUSE_S
        return dict.fromkeys(aggregates, 1)

    def _publish(self, batch: Sequence[EventRow]) -> None:
        if not batch:
            return
        try:
            self.step_hook.reach("before-publish")
            messages, encoded = self._messages(batch)
            self.publisher.publish(messages)
            self.step_hook.reach("after-publish")
            self._published.update((row["event_id"], row["aggregate"]) for row in encoded)
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
            self._hurry.wait(TIDY_AFTER_S)
            self._to_delete.clear()
            self._hurry.clear()
            if not self._stopping.is_set():
                self._delete_published()

    def _delete_published(self) -> None:
        while self._published and self.database is not None:
            gone = list(self._published)[:BATCH]
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
            finally:
                # Not before: what is published and not yet gone must hold nobody up here.
                for event_id in gone:
                    self._published.pop(event_id, None)

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
        ready, early = self._in_turn(rows)
        self._publish(ready)
        if early:
            soon = SystemClock().now() + timedelta(seconds=SWEEP_INTERVAL_S)
            with self.database.transaction(ALL_TENANTS) as session:
                outbox.shorten_claim(session, [row["event_id"] for row in early], soon)
        return len(rows) == BATCH

    def _messages(self, batch: Sequence[EventRow]) -> tuple[list[Outgoing], list[EventRow]]:
        """The messages, and the rows that they are of; a row that cannot be written holds up no other."""
        messages, encoded = [], []
        for row in batch:
            try:
                messages.append(self._message(row))
            except Exception as error:
                log.error("bus.outbox.unencodable", extra={
                    "service": self.service, "event": row["event_id"], "error": type(error).__name__})
            else:
                encoded.append(row)
        return messages, encoded

    def _message(self, row: EventRow) -> Outgoing:
        return Outgoing(
            body=wire.encode_event(self.service, row), exchange=names.event_exchange(self.service),
            routing_key=row["type"], content_type=names.EVENT_CONTENT_TYPE, message_id=row["event_id"],
        )
