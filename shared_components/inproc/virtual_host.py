"""Virtual hosts: storing, delivering and expiring messages, and the events that wait for each connection."""
from __future__ import annotations

import heapq
import threading
from collections import deque
from collections.abc import Callable
from enum import Enum
from itertools import count
from time import monotonic
from typing import Any, NamedTuple, Protocol

from amqp.exceptions import NotFound, RecoverableConnectionError

from shared_components.inproc.messages import EXPIRED, TOO_LONG, StoredMessage, dead_letter, is_endless
from shared_components.inproc.queues import Queue
from shared_components.inproc.topology import Topology

REPLY_TO = "amq.rabbitmq.reply-to"
DEFAULT_NAME = "default"


class ReplySession(Protocol):
    """The session's part that a virtual host needs for direct replies."""

    def deliver_reply(self, message: StoredMessage) -> None: ...


class Event(NamedTuple):
    """method: of the session's channel, called with arguments when the event is read."""

    session: object
    method: str
    arguments: tuple[Any, ...]


class Inbox:
    """Events that the broker sent to a connection and its reader has not read yet.

    Callers hold the host's lock, except for `read`. on_cut: ends the connection.
    """

    def __init__(self, lock: threading.Lock, expire: Callable[[], float | None], *, on_cut: Callable[[], None]) -> None:
        self.closed = False
        self.on_cut = on_cut
        self._lock = lock
        self._expire = expire
        self._events: deque[Event] = deque()
        self._arrived = threading.Condition(lock)
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
        """Wait for the next event. Takes the lock itself.

        Raises TimeoutError (socket.timeout is the same) after timeout_s; RecoverableConnectionError when closed.
        """
        give_up_at = None if timeout_s is None else monotonic() + timeout_s
        with self._lock:
            while True:
                if self.closed:
                    raise RecoverableConnectionError("connection already closed")
                due_in = self._expire()
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


class Outcome(Enum):
    STORED = "stored"
    UNROUTED = "unrouted"
    REFUSED = "refused"


class VirtualHost:
    """Queues of one name, with delivery and expiry. Callers hold `lock`.

    inboxes: of every open connection. replies: sessions with a direct reply-to consumer, by token.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        # Made here and not at import: a lock made before eventlet patches the process would block all greenlets.
        self.lock = threading.Lock()
        self.topology = Topology(name)
        self.inboxes: set[Inbox] = set()
        self.replies: dict[str, ReplySession] = {}
        self._timers: list[tuple[float, int, Queue]] = []
        self._timer_ids = count()

    def publish(self, message: StoredMessage) -> Outcome:
        """Route and store a message. Raises NotFound when the exchange does not exist."""
        if not message.exchange and message.routing_key.startswith(REPLY_TO + "."):
            return self._reply(message)
        queues = self.topology.route(message.exchange, message.routing_key)
        if not queues:
            return Outcome.UNROUTED
        now = monotonic()
        refused = [queue for queue in queues if not self._store(queue, message, now)]
        return Outcome.REFUSED if refused else Outcome.STORED

    def _reply(self, message: StoredMessage) -> Outcome:
        session = self.replies.get(message.routing_key)
        if session is None:
            return Outcome.UNROUTED
        session.deliver_reply(message)
        return Outcome.STORED

    def _store(self, queue: Queue, message: StoredMessage, now: float) -> bool:
        if queue.rejects_next():
            return False
        queue.append(message, now)
        self.dispatch(queue, now)
        while queue.overflows():
            self.dead_letter(queue, queue.pop(), TOO_LONG)
        return True

    def dispatch(self, queue: Queue, now: float | None = None) -> None:
        """Deliver messages to the consumers that may take more."""
        now = monotonic() if now is None else now
        while queue.ready:
            self._drop_expired(queue, now)
            consumer = queue.next_consumer() if queue.ready else None
            if consumer is None:
                break
            consumer.session.deliver(consumer, queue.pop())
        self._arm(queue)

    def dead_letter(self, queue: Queue, message: StoredMessage, reason: str) -> None:
        """Publish to the queue's dead-letter exchange; drop the message when there is no such exchange."""
        if queue.dead_letter_exchange is None:
            return
        dead = dead_letter(
            message, queue=queue.name, reason=reason, exchange=queue.dead_letter_exchange,
            routing_key=queue.dead_letter_key if queue.dead_letter_key is not None else message.routing_key,
        )  # fmt: skip
        try:
            targets = self.topology.route(dead.exchange, dead.routing_key)
        except NotFound:
            return
        now = monotonic()
        for target in targets:
            if not is_endless(dead, target.name):
                self._store(target, dead, now)

    def expire(self) -> float | None:
        """Drop expired messages. Returns the seconds until the next one may expire, or None when nothing expires."""
        now = monotonic()
        while self._timers and self._timers[0][0] < now:
            queue = heapq.heappop(self._timers)[2]
            queue.timer_at = None
            if self.topology.queues.get(queue.name) is queue:
                self._drop_expired(queue, now)
                self._arm(queue)
        return max(self._timers[0][0] - now, 0.0) + 0.001 if self._timers else None

    def _drop_expired(self, queue: Queue, now: float) -> None:
        while (message := queue.pop_expired(now)) is not None:
            self.dead_letter(queue, message, EXPIRED)

    def _arm(self, queue: Queue) -> None:
        at = queue.ready[0].expires_at if queue.ready else None
        if at is None or (queue.timer_at is not None and queue.timer_at <= at):
            return
        queue.timer_at = at
        is_first = not self._timers or at < self._timers[0][0]
        heapq.heappush(self._timers, (at, next(self._timer_ids), queue))
        if is_first:
            # There is no timer thread: readers wait no longer than until the first expiry, and expire it themselves.
            for inbox in self.inboxes:
                inbox.wake()

    def delete_queue(self, queue: Queue) -> int:
        """Remove a queue, its messages and its consumers. Returns the number of ready messages."""
        self.topology.remove_queue(queue)
        consumers, queue.consumers = list(queue.consumers), type(queue.consumers)()
        for consumer in consumers:
            consumer.session.cancelled_by_broker(consumer)
        return queue.clear()

    def release_consumer(self, queue: Queue) -> None:
        """Redeliver, or delete an auto-delete queue, after one of its consumers ended."""
        if self.topology.queues.get(queue.name) is not queue:
            return
        if queue.auto_delete and not queue.consumers:
            self.delete_queue(queue)
        else:
            self.dispatch(queue)


_hosts: dict[str, VirtualHost] = {}


def host_name(name: str | None, virtual_host: str | None) -> str:
    """Build a host's name from a URL: `inproc://` is `default`, `inproc://test-1/a` is `test-1/a`."""
    path = (virtual_host or "").strip("/")
    return f"{name or DEFAULT_NAME}/{path}" if path else name or DEFAULT_NAME


def virtual_host(name: str) -> VirtualHost:
    # setdefault is atomic: no lock is needed, which would be made before eventlet patches the process.
    return _hosts.get(name) or _hosts.setdefault(name, VirtualHost(name))


def reset(name: str = DEFAULT_NAME) -> None:
    """Delete a virtual host with its queues and messages, and cut its connections."""
    disconnect(name)
    _hosts.pop(name, None)


def disconnect(name: str = DEFAULT_NAME) -> None:
    """Cut every connection as a failing network would: queues stay, unacknowledged messages are delivered again."""
    host = _hosts.get(name)
    if host is None:
        return
    with host.lock:
        for inbox in list(host.inboxes):
            inbox.on_cut()
