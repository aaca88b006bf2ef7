"""Keep a connection open: connect, pass it to its owner, read until it breaks, and reconnect with backoff."""
from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any

from shared_components.bus.amqp.connect_errors import why
from shared_components.bus.amqp.connection import CONNECTION_ERRORS, BrokerConnection, backoff_s
from shared_components.observability.metrics import METRICS

log = logging.getLogger(__name__)

# A connection that ends before this was never good for anything: the next try waits.
HEALTHY_AFTER_S = 1.0
# So many losses in this time, however healthy each connection was, are no life.
LOSSES, LOSSES_WITHIN_S = 20, 120.0


class ReconnectingConnection:
    """Owner of one connection at a time.

    on_open(connection): declare, consume, set up confirms; runs before reading starts.
    on_lost(connection): what was in flight on it is void.
    on_refused(error): optional; told of each failed attempt to connect.
    """

    def __init__(
        self, url: str, *, name: str, heartbeat_s: int, on_open: Callable[[BrokerConnection], None],
        on_lost: Callable[[BrokerConnection], None] | None = None,
        on_refused: Callable[[BaseException], None] | None = None, longest_pause_s: float = 2.0,
    ) -> None:
        self._longest_pause_s = longest_pause_s
        self.name = name
        self._url = url
        self._heartbeat_s = heartbeat_s
        self._on_open = on_open
        self._on_lost = on_lost or (lambda connection: None)
        self._on_refused = on_refused or (lambda error: None)
        self._connection: BrokerConnection | None = None
        self._opened = threading.Event()
        self._stopping = threading.Event()
        self._ended = threading.Event()
        # When a healthy connection was last there.
        self._lost_at = monotonic()
        self._opened_at = 0.0
        self._losses: deque[float] = deque(maxlen=LOSSES)
        self.running = False
        # Why the last try to connect failed.
        self.refusal = ""
        # What ended the last connection, None while it is open.
        self.loss: BaseException | None = None

    @property
    def connection(self) -> BrokerConnection | None:
        """The open connection, or None while disconnected."""
        connection = self._connection
        return connection if connection is not None and not connection.closed else None

    @property
    def lost_for_s(self) -> float:
        """Return the seconds without a healthy connection; 0 while there is one."""
        return 0.0 if self.connection is not None and self._is_healthy() else monotonic() - self._lost_at

    @property
    def is_unsteady(self) -> bool:
        """Tell whether connections are lost so often that the next one will hardly be useful."""
        return len(self._losses) == LOSSES and monotonic() - self._losses[0] < LOSSES_WITHIN_S

    def _is_healthy(self) -> bool:
        return monotonic() - self._opened_at >= HEALTHY_AFTER_S

    def start(self, spawn: Callable[[Callable[[], None]], Any] | None = None) -> None:
        if self.running:
            return
        self.running = True
        if spawn is not None:
            spawn(self._run)
        else:
            threading.Thread(target=self._run, daemon=True, name=self.name).start()

    def wait_open(self, timeout_s: float) -> BrokerConnection | None:
        self._opened.wait(timeout_s)
        return self.connection

    def stop(self) -> None:
        self._stopping.set()
        if self._connection is not None:
            self._connection.close()
        if self.running:
            self._ended.wait(1.0)

    def abort(self) -> None:
        self._stopping.set()
        if self._connection is not None:
            self._connection.abort()

    def _run(self) -> None:
        attempt, opened = 0, 0
        try:
            while not self._stopping.is_set():
                connection = self._open()
                if connection is not None:
                    opened += 1
                    if opened > 1:
                        METRICS.record_reconnect(self.name)
                    self._read(connection)
                    if self._lose(connection):
                        attempt = 0
                        continue
                self._stopping.wait(backoff_s(attempt, longest_s=self._longest_pause_s))
                attempt += 1
        finally:
            self.running = False
            self._ended.set()

    def _open(self) -> BrokerConnection | None:
        connection = None
        try:
            connection = BrokerConnection(self._url, heartbeat_s=self._heartbeat_s)
            self._on_open(connection)
        except CONNECTION_ERRORS as error:
            self.refusal = why(error)
            log.warning("bus.connection.refused", extra={
                "session": self.name, "error": type(error).__name__, "reason": self.refusal})
            if connection is not None:
                connection.dispose()
            self._on_refused(error)
            return None
        self._connection, self.refusal, self.loss, self._opened_at = connection, "", None, monotonic()
        self._opened.set()
        log.info("bus.connection.opened", extra={"session": self.name})
        return connection

    def _read(self, connection: BrokerConnection) -> None:
        try:
            while not connection.closed:
                connection.drain()
        except CONNECTION_ERRORS as error:
            self.loss = error
            if not self._stopping.is_set():
                log.warning("bus.connection.lost", extra={
                    "session": self.name, "error": type(error).__name__, "reason": why(error)})
        except Exception:
            # a callback's own bug must not end the loop: a process without its consumer is a zombie
            log.exception("bus.connection.failed", extra={"session": self.name})

    def _lose(self, connection: BrokerConnection) -> bool:
        """Let go of a connection; gives whether it was healthy."""
        self._opened.clear()
        healthy = self._is_healthy()
        now = monotonic()
        self._losses.append(now)
        if healthy:
            self._lost_at = now
        connection.dispose()
        with suppress(Exception):
            self._on_lost(connection)
        return healthy
