"""Keeps a link open: connects, hands it to its owner, reads until it breaks, and connects again with backoff."""
from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any

from shared_components.bus.amqp.connect_errors import why
from shared_components.bus.amqp.connection import LINK_ERRORS, Link, backoff_s
from shared_components.observability.metrics import METRICS

log = logging.getLogger(__name__)

# A connection that ends before this was never good for anything: the next try waits.
HEALTHY_AFTER_S = 1.0
# So many losses in this time, however healthy each connection was, are no life.
LOSSES, LOSSES_WITHIN_S = 20, 120.0


class BrokerSession:
    """Owner of one link at a time.

    on_open(link): declare, consume, set up confirms; runs before reading starts.
    on_lost(link): what was in flight on it is void.
    on_refused(error): optional; told of each failed attempt to connect.
    """

    def __init__(
        self, url: str, *, name: str, heartbeat_s: int, on_open: Callable[[Link], None],
        on_lost: Callable[[Link], None] | None = None, on_refused: Callable[[BaseException], None] | None = None,
        longest_pause_s: float = 2.0,
    ) -> None:
        self._longest_pause_s = longest_pause_s
        self.name = name
        self._url = url
        self._heartbeat_s = heartbeat_s
        self._on_open = on_open
        self._on_lost = on_lost or (lambda link: None)
        self._on_refused = on_refused or (lambda error: None)
        self._link: Link | None = None
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

    @property
    def link(self) -> Link | None:
        """The open link, or None while there is none."""
        link = self._link
        return link if link is not None and not link.closed else None

    @property
    def lost_for_s(self) -> float:
        """Seconds without a healthy link; 0 while there is one."""
        return 0.0 if self.link is not None and self._is_healthy() else monotonic() - self._lost_at

    @property
    def is_unsteady(self) -> bool:
        """Whether links are lost so often that nothing can be expected of the next one."""
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

    def wait_open(self, timeout_s: float) -> Link | None:
        self._opened.wait(timeout_s)
        return self.link

    def stop(self) -> None:
        self._stopping.set()
        if self._link is not None:
            self._link.close()
        if self.running:
            self._ended.wait(1.0)

    def abort(self) -> None:
        self._stopping.set()
        if self._link is not None:
            self._link.abort()

    def _run(self) -> None:
        attempt, opened = 0, 0
        try:
            while not self._stopping.is_set():
                link = self._open()
                if link is not None:
                    opened += 1
                    if opened > 1:
                        METRICS.record_reconnect(self.name)
                    self._read(link)
                    if self._lose(link):
                        attempt = 0
                        continue
                self._stopping.wait(backoff_s(attempt, longest_s=self._longest_pause_s))
                attempt += 1
        finally:
            self.running = False
            self._ended.set()

    def _open(self) -> Link | None:
        link = None
        try:
            link = Link(self._url, heartbeat_s=self._heartbeat_s)
            self._on_open(link)
        except LINK_ERRORS as error:
            self.refusal = why(error)
            log.warning("bus.connection.refused", extra={
                "session": self.name, "error": type(error).__name__, "reason": self.refusal})
            if link is not None:
                link.dispose()
            self._on_refused(error)
            return None
        self._link, self.refusal, self._opened_at = link, "", monotonic()
        self._opened.set()
        log.info("bus.connection.opened", extra={"session": self.name})
        return link

    def _read(self, link: Link) -> None:
        try:
            while not link.closed:
                link.drain()
        except LINK_ERRORS as error:
            if not self._stopping.is_set():
                log.warning("bus.connection.lost", extra={"session": self.name, "error": type(error).__name__})
        except Exception:
            # a callback's own bug must not end the loop: a process without its consumer is a zombie
            log.exception("bus.connection.failed", extra={"session": self.name})

    def _lose(self, link: Link) -> bool:
        """Let go of a link; gives whether it was healthy."""
        self._opened.clear()
        healthy = self._is_healthy()
        now = monotonic()
        self._losses.append(now)
        if healthy:
            self._lost_at = now
        link.dispose()
        with suppress(Exception):
            self._on_lost(link)
        return healthy
