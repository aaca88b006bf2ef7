"""What the broker has sent to a connection and nobody has read yet."""
from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from amqp.exceptions import RecoverableConnectionError

if TYPE_CHECKING:
    from shared_components.inproc.sessions import Session
    from shared_components.inproc.virtual_host import VirtualHost


class Event(NamedTuple):
    """method: of the client's channel, called with arguments when the event is read."""

    session: Session
    method: str
    arguments: tuple[Any, ...]


class Inbox:
    """All but `read` are called with the host's lock held.

    on_cut: ends the connection.
    """

    def __init__(self, host: VirtualHost, *, on_cut: Callable[[], None]) -> None:
        self.closed = False
        self.on_cut = on_cut
        self._host = host
        self._events: deque[Event] = deque()
        self._arrived = threading.Condition(host.lock)
        self._readers = 0

    def push(self, event: Event) -> None:
        self._events.append(event)
        if self._readers:
            self._arrived.notify()

    def discard(self, unwanted: Callable[[Event], bool]) -> list[Event]:
        discarded = [event for event in self._events if unwanted(event)]
        if discarded:
            self._events = deque(event for event in self._events if not unwanted(event))
        return discarded

    def wake(self) -> None:
        if self._readers:
            self._arrived.notify_all()

    def close(self) -> None:
        self.closed = True
        self._events.clear()
        self.wake()

    def read(self, timeout_s: float | None) -> Event:
        """The next event; waits for it. Takes the lock itself.

        Raises TimeoutError (socket.timeout is the same) after timeout_s; RecoverableConnectionError when closed.
        """
        give_up_at = None if timeout_s is None else monotonic() + timeout_s
        with self._host.lock:
            while True:
                if self.closed:
                    raise RecoverableConnectionError("connection already closed")
                due_in = self._host.expire()
                if self._events:
                    return self._events.popleft()
                self._wait(due_in, None if give_up_at is None else give_up_at - monotonic())

    def _wait(self, due_in: float | None, left: float | None) -> None:
        if left is not None and left <= 0:
            raise TimeoutError("timed out")
        bounds = [seconds for seconds in (due_in, left) if seconds is not None]
        self._readers += 1
        try:
            self._arrived.wait(min(bounds) if bounds else None)
        finally:
            self._readers -= 1
