"""One world of queues: storing, handing out, expiring. Methods are called with its `lock` held."""
from __future__ import annotations

import heapq
import threading
from enum import Enum
from itertools import count
from time import monotonic
from typing import TYPE_CHECKING

from amqp.exceptions import NotFound

from shared_components.inproc import dead_letters
from shared_components.inproc.messages import StoredMessage
from shared_components.inproc.queues import Queue
from shared_components.inproc.topology import Topology

if TYPE_CHECKING:
    from shared_components.inproc.inbox import Inbox
    from shared_components.inproc.sessions import Session

REPLY_TO = "amq.rabbitmq.reply-to"


class Outcome(Enum):
    STORED = "stored"
    UNROUTED = "unrouted"
    REFUSED = "refused"


class VirtualHost:
    """inboxes: of every open connection. replies: sessions with a direct reply-to consumer, by token."""

    def __init__(self, name: str) -> None:
        self.name = name
        # Made here and not at import: only then is it green when the process has been patched.
        self.lock = threading.Lock()
        self.topology = Topology(name)
        self.inboxes: set[Inbox] = set()
        self.replies: dict[str, Session] = {}
        self._timers: list[tuple[float, int, Queue]] = []
        self._timer_ids = count()

    def publish(self, message: StoredMessage) -> Outcome:
        """Raises NotFound when the exchange does not exist."""
        if not message.exchange and message.routing_key.startswith(REPLY_TO + "."):
            return self._reply(message)
        queues = self.topology.route(message.exchange, message.routing_key, message.headers)
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
        if queue.overflow.startswith("reject-publish") and queue.would_overflow(len(message.body)):
            if queue.overflow == "reject-publish-dlx":
                self.bury(queue, message, dead_letters.TOO_LONG)
            return False
        queue.append(message, now)
        self.dispatch(queue, now)
        while queue.overflows():
            self.bury(queue, queue.pop(), dead_letters.TOO_LONG)
        return True

    def dispatch(self, queue: Queue, now: float | None = None) -> None:
        """Hand out what consumers have room for."""
        now = monotonic() if now is None else now
        while queue.ready:
            self._drop_expired(queue, now)
            consumer = queue.next_consumer() if queue.ready else None
            if consumer is None:
                break
            consumer.session.deliver(consumer, queue.pop())
        self._arm(queue)

    def bury(self, queue: Queue, message: StoredMessage, reason: str) -> None:
        """Publish to the queue's dead-letter exchange; without one, or where that does not exist, drop."""
        if queue.dead_letter_exchange is None:
            return
        dead = dead_letters.dead_letter(
            message, queue=queue.name, reason=reason, exchange=queue.dead_letter_exchange,
            routing_key=queue.dead_letter_key if queue.dead_letter_key is not None else message.routing_key,
        )  # fmt: skip
        try:
            targets = self.topology.route(dead.exchange, dead.routing_key, dead.headers)
        except NotFound:
            return
        now = monotonic()
        for target in targets:
            if not dead_letters.is_endless(dead, target.name):
                self._store(target, dead, now)

    def expire(self) -> float | None:
        """Drop what is due and say in how many seconds the next may be due (None: nothing waits)."""
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
            self.bury(queue, message, dead_letters.EXPIRED)

    def _arm(self, queue: Queue) -> None:
        at = queue.ready[0].expires_at if queue.ready else None
        if at is None or (queue.timer_at is not None and queue.timer_at <= at):
            return
        queue.timer_at = at
        is_first = not self._timers or at < self._timers[0][0]
        heapq.heappush(self._timers, (at, next(self._timer_ids), queue))
        if is_first:
            # there is no thread for timers: whoever waits for messages sleeps no longer than to the first
            for inbox in self.inboxes:
                inbox.wake()

    def delete_queue(self, queue: Queue) -> int:
        """Remove it with its messages; its consumers are told. Returns how many messages were ready."""
        self.topology.remove_queue(queue)
        consumers, queue.consumers = list(queue.consumers), type(queue.consumers)()
        for consumer in consumers:
            consumer.session.cancelled_by_broker(consumer)
        return queue.clear()

    def release_consumer(self, queue: Queue) -> None:
        """After one of its consumers has gone."""
        if self.topology.queues.get(queue.name) is not queue:
            return
        if queue.auto_delete and not queue.consumers:
            self.delete_queue(queue)
        else:
            self.dispatch(queue)
